import {
  type DefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import { documents } from '../../src/documents.ts';

/** Relay wants an operation to be named after its module and what it does, a fragment after its module and its prop. */
const suffix = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
const operationName = ({ name, operation }: OperationDefinitionNode): string => `${name?.value}${suffix[operation]}`;
const fragmentName = (name: string, type: string): string => `${name}_${type.charAt(0).toLowerCase()}${type.slice(1)}`;

/** A list that Relay pages through by itself, as its guide has it. */
const catalog = `
  fragment Catalog_query on Query
  @refetchable(queryName: "CatalogPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 24 }, cursor: { type: "String" }) {
    products(first: $count, after: $cursor, sort: TITLE) @connection(key: "Catalog_products") {
      edges { node { id ...ProductCard_product } }
    }
  }`;

const screen = 'query CatalogScreenQuery($currency: CurrencyCode) { ...Catalog_query }';

/** The clients' own documents that this schema has all fields for, as modules that Relay takes, by the module's name. */
export function relayModules(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const modules = new Map([
    ['Catalog', catalog],
    ['CatalogScreen', screen],
  ]);
  for (const text of documents.values()) {
    const document = parse(text);
    if (validate(schema, document).length > 0) continue;
    const types = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION
          ? [[definition.name.value, definition.typeCondition.name.value] as const]
          : [],
      ),
    );
    for (const definition of document.definitions) {
      const [module, renamed] = renameFor(definition, types);
      modules.set(module, print(renamed));
    }
  }
  return modules;
}

function renameFor(definition: DefinitionNode, types: ReadonlyMap<string, string>): [string, DefinitionNode] {
  const renamed = visit(definition, {
    FragmentSpread: (node) => ({
      ...node,
      name: { ...node.name, value: fragmentName(node.name.value, types.get(node.name.value) ?? '') },
    }),
  });
  if (renamed.kind === Kind.FRAGMENT_DEFINITION) {
    const module = renamed.name.value;
    const value = fragmentName(module, renamed.typeCondition.name.value);
    return [module, { ...renamed, name: { ...renamed.name, value } }];
  }
  if (renamed.kind === Kind.OPERATION_DEFINITION && renamed.name) {
    const value = operationName(renamed);
    return [renamed.name.value, { ...renamed, name: { ...renamed.name, value } }];
  }
  throw new Error(`A client document defines a ${definition.kind}.`);
}
