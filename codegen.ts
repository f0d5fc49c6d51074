import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';

const subgraphs = readdirSync('subgraphs').filter((name) => existsSync(`subgraphs/${name}/schema.graphql`));

/** `Products` for `products`. */
const pascal = (name: string) => name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * What a resolver's parent is, by type name: `{ "Product": "../domain/product.ts#ProductRow" }` in the subgraph's
 * `codegen.mappers.json`. A type that is not there is what the schema says. A row may be called what the schema's
 * type is called: it is imported as `<name>Model`. A row that nothing else imports is tagged `@mapped`.
 */
function mappersOf(name: string): Record<string, string> {
  const path = `subgraphs/${name}/codegen.mappers.json`;
  const mappers: Record<string, string> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  return Object.fromEntries(
    Object.entries(mappers).map(([type, from]) => [
      type,
      from.replace(/#(\w+)$/, (all, row) => `${all} as ${row}Model`),
    ]),
  );
}

const config: CodegenConfig = {
  importExtension: '.ts',
  silent: true,
  generates: Object.fromEntries(
    subgraphs.map((name) => [
      `subgraphs/${name}/src/generated/graphql.ts`,
      {
        schema: `subgraphs/${name}/schema.graphql`,
        plugins: ['typescript', 'typescript-resolvers'],
        config: {
          federation: true,
          useTypeImports: true,
          enumsAsTypes: true,
          defaultScalarType: 'unknown',
          // An input field with a default always has a value by the time a resolver sees it.
          avoidOptionals: { defaultValue: true },
          scalars: {
            ID: 'string',
            Decimal: 'string',
            DateTime: 'Date',
            Date: 'string',
            CountryCode: 'string',
            CurrencyCode: 'string',
            JSON: 'unknown',
          },
          contextType: `../context.ts#${pascal(name)}Context`,
          mappers: mappersOf(name),
        },
      },
    ]),
  ),
};

export default config;
