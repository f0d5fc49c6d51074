import { type DocumentNode, GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { CountryCodeResolver, DateTimeISOResolver, JSONResolver, LocalDateResolver } from 'graphql-scalars';

const textScalar = (name: string, pattern: RegExp, wants: string): GraphQLScalarType<string, string> => {
  const check = (value: unknown): string => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new GraphQLError(`${name} wants ${wants}, not ${JSON.stringify(value)}.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  return new GraphQLScalarType({
    name,
    serialize: check,
    parseValue: check,
    parseLiteral: (node) => check(node.kind === Kind.STRING ? node.value : undefined),
  });
};

const scalars: Readonly<Record<string, GraphQLScalarType>> = {
  Decimal: textScalar('Decimal', /^-?\d{1,16}(\.\d{1,4})?$/, 'a decimal number as a string, such as "42.99"'),
  CurrencyCode: textScalar('CurrencyCode', /^[A-Z]{3}$/, 'three letters of ISO 4217, such as "USD"'),
  CountryCode: CountryCodeResolver,
  DateTime: DateTimeISOResolver,
  Date: LocalDateResolver,
  JSON: JSONResolver,
};

/** Resolvers for the scalars that a schema declares. */
export const scalarsOf = (typeDefs: DocumentNode): Record<string, GraphQLScalarType> =>
  Object.fromEntries(
    typeDefs.definitions.flatMap((definition) => {
      if (definition.kind !== Kind.SCALAR_TYPE_DEFINITION) return [];
      const scalar = scalars[definition.name.value];
      return scalar ? [[definition.name.value, scalar]] : [];
    }),
  );
