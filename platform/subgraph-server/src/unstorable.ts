import { type DocumentNode, GraphQLError, visit } from 'graphql';

/** JSON may hold the character U+0000; Postgres cannot store it in text, and refuses even to compare with it. */
const zero = '\u0000';

/**
 * Where variables hold a text that no database of ours can take, such as `$input.lines.0.sku`.
 * @returns null when they hold none
 */
export function findUnstorable(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes(zero) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = findUnstorable(inner, path === '$' ? `$${key}` : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

/** The same for texts that are written into the document. */
export function unstorableLiterals(document: DocumentNode): GraphQLError[] {
  const errors: GraphQLError[] = [];
  visit(document, {
    StringValue: ({ value }) => {
      if (value.includes(zero)) errors.push(zeroCharacter('A text in the document'));
    },
  });
  return errors;
}

export const zeroCharacter = (where: string): GraphQLError =>
  new GraphQLError(`${where} holds the character U+0000, which no text here may; leave it out.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
