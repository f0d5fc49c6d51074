import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

const text = (
  name: string,
  description: string,
  read: (value: string) => string | null,
): GraphQLScalarType<string, string> => {
  const parse = (value: unknown): string => {
    const parsed = typeof value === 'string' ? read(value) : null;
    if (parsed === null) throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value)}`);
    return parsed;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: String,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
};

const structured = (name: string, description: string): GraphQLScalarType<unknown, unknown> =>
  new GraphQLScalarType({
    name,
    description,
    serialize: (value) => value,
    parseValue: (value) => value,
    parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  });

const number = (name: string, description: string): GraphQLScalarType<number, number> => {
  const parse = (value: unknown): number => {
    if (typeof value !== 'number') throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value)}`);
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: Number,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.INT || node.kind === Kind.FLOAT ? Number(node.value) : undefined),
  });
};

/** Instants become one spelling, so that they compare as text. */
const asInstant = (value: string): string | null =>
  Number.isNaN(Date.parse(value)) ? null : new Date(value).toISOString();
const asDate = (value: string): string | null => (/^\d{4}-\d{2}-\d{2}$/.test(value) && asInstant(value) ? value : null);

export const DateTime = text('DateTime', 'An instant in ISO 8601.', asInstant);
export const RichTextAST = structured('RichTextAST', "The rich text editor's tree.");
export const Json = structured('Json', 'Any JSON value.');

export const scalars = [
  DateTime,
  RichTextAST,
  Json,
  text('Date', 'A day in ISO 8601.', asDate),
  text('Hex', 'A colour in hexadecimal digits.', (value) => (/^#?[\da-f]{3,8}$/i.test(value) ? value : null)),
  number('Long', 'A whole number of 64 bits.'),
  number('RGBAHue', 'A hue from 0 to 255.'),
  number('RGBATransparency', 'A transparency from 0 to 1.'),
] as const;
