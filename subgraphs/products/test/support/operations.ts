import { readFileSync } from 'node:fs';
import { type DocumentNode, parse, print, separateOperations, visit } from 'graphql';

/** A document of the storefront with the fragments it uses, less what other subgraphs contribute. */
export function storefront(name: string): string {
  const file = new URL('../../../../e2e/operations/storefront/catalog.graphql', import.meta.url);
  const operation = separateOperations(withoutForeign(parse(readFileSync(file, 'utf8'))))[name];
  if (!operation) throw new Error(`There is no operation ${name}.`);
  return print(operation);
}

const foreign = new Set(['availability', 'content']);

const withoutForeign = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field: (node) => (foreign.has(node.name.value) ? null : undefined),
    VariableDefinition: (node) => (node.variable.name.value === 'locale' ? null : undefined),
  });
