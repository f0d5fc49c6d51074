import fc from 'fast-check';
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** Any valid question to a schema, as deep as wanted: aliases, fragments on types, arguments, conditions. */
export const randomQuery = (schema: GraphQLSchema, depth: number): fc.Arbitrary<string> =>
  fc.infiniteStream(fc.nat(999)).map((numbers) => {
    const roll = (sides: number): number => Number(numbers.next().value) % sides;
    const root = schema.getQueryType();
    if (!root) throw new Error('There is nothing to ask.');
    return `query Random($flag: Boolean!, $off: Boolean = false) ${selectionOf(root, depth, schema, roll)}`;
  });

type Roll = (sides: number) => number;

function selectionOf(type: GraphQLCompositeType, depth: number, schema: GraphQLSchema, roll: Roll): string {
  const parts: string[] = [];
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const count = 1 + roll(3);
  for (let index = 0; index < count && fields.length > 0; index += 1) {
    const field = fields[roll(fields.length)];
    const text = field && fieldOf(field, depth, schema, roll);
    if (text) parts.push(text);
  }
  if (isAbstractType(type)) {
    for (const possible of schema.getPossibleTypes(type)) {
      if (roll(3) > 0)
        parts.push(`... on ${possible.name}${condition(roll)} ${selectionOf(possible, depth, schema, roll)}`);
    }
  }
  if (parts.length === 0 || roll(4) === 0) parts.push('__typename');
  return `{ ${parts.join(' ')} }`;
}

function fieldOf(
  field: GraphQLField<unknown, unknown>,
  depth: number,
  schema: GraphQLSchema,
  roll: Roll,
): string | undefined {
  const type = getNamedType(field.type);
  if (isCompositeType(type) && depth === 0) return undefined;
  const given = field.args.flatMap((argument) => {
    const needed = String(argument.type).endsWith('!');
    return needed || roll(2) === 0
      ? [`${argument.name}: ${literalOf(argument.name, getNamedType(argument.type), roll)}`]
      : [];
  });
  const call = given.length > 0 ? `(${given.join(', ')})` : '';
  // An alias for each way of asking: two of one name have to ask the same.
  const alias = `${field.name}${given.length > 0 || isCompositeType(type) ? `_${roll(999)}` : ''}`;
  const below = isCompositeType(type) ? ` ${selectionOf(type, depth - 1, schema, roll)}` : '';
  return `${alias === field.name && roll(2) === 0 ? '' : `${alias}_${field.name.length}: `}${field.name}${call}${condition(roll)}${below}`;
}

const condition = (roll: Roll): string =>
  ['', '', '', '', '', ' @include(if: $flag)', ' @skip(if: $flag)', ' @include(if: $off)'][roll(8)] ?? '';

function literalOf(name: string, type: GraphQLNamedType, roll: Roll): string {
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null';
  if (type.name === 'Int') return String(roll(4));
  if (type.name === 'Boolean') return roll(2) === 0 ? 'true' : 'false';
  if (name === 'id') return JSON.stringify(['w1', 'w2', 'w3', 'w4', 'a1', 'a2', 'a3', 'zz'][roll(8)]);
  return JSON.stringify(['tide', 'none'][roll(2)]);
}
