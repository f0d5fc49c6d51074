import { readFileSync } from 'node:fs';
import { type DocumentNode, Kind, parse, print, visit } from 'graphql';

/** A document of the storefront, less what other subgraphs contribute. */
export function storefront(name: string): string {
  const file = new URL('../../../../e2e/operations/storefront/catalog.graphql', import.meta.url);
  return print(only(name, withoutForeign(parse(readFileSync(file, 'utf8')))));
}

const foreign = new Set(['availability', 'content']);

const withoutForeign = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field: (node) => (foreign.has(node.name.value) ? null : undefined),
    VariableDefinition: (node) => (node.variable.name.value === 'locale' ? null : undefined),
  });

function only(name: string, document: DocumentNode): DocumentNode {
  const operation = document.definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name,
  );
  if (!operation) throw new Error(`There is no operation ${name}.`);
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const used = (text: string): boolean =>
    print(operation).includes(text) || fragments.some((each) => print(each).includes(text));
  return {
    ...document,
    definitions: [
      operation,
      ...fragments.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION && used(`...${each.name.value}`)),
    ],
  };
}
