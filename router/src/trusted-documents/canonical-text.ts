import { type DefinitionNode, GraphQLError, Kind, parse, print } from 'graphql';

/** Far more than clients write, and little work to read. */
const maxTokens = 10_000;

/**
 * A document as it is compared with others: printed in one way, its operations and fragments in the order of their names,
 * without comments. Undefined for what is no GraphQL, or more of it than anyone writes.
 */
export function canonicalText(text: string): string | undefined {
  try {
    const { definitions } = parse(text, { noLocation: true, maxTokens, maxComments: maxTokens });
    return [...definitions].sort(byKindAndName).map(print).join('\n');
  } catch (error) {
    // Nested further than the stack goes: nobody's program writes that.
    if (error instanceof GraphQLError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const byKindAndName = (one: DefinitionNode, other: DefinitionNode): number => {
  const [left, right] = [keyOf(one), keyOf(other)];
  return left < right ? -1 : left > right ? 1 : 0;
};

function keyOf(definition: DefinitionNode): string {
  const name = 'name' in definition ? (definition.name?.value ?? '') : '';
  return `${definition.kind === Kind.FRAGMENT_DEFINITION ? 'fragment' : 'operation'} ${name}`;
}
