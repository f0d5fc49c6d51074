import { type ConstDirectiveNode, type DocumentNode, Kind, parse, valueFromASTUntyped } from 'graphql';

/** A key as the names of its fields; of a field that holds an object, all that was sent of it counts. */
export type EntityKey = readonly string[];

/** By which fields each subgraph knows each entity, as the supergraph's `join__type` says. */
export class EntityKeys {
  readonly #keys = new Map<string, EntityKey[]>();

  constructor(supergraph: DocumentNode) {
    const names = graphNamesOf(supergraph);
    for (const definition of supergraph.definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
        continue;
      for (const directive of definition.directives ?? []) {
        if (directive.name.value !== 'join__type') continue;
        const { graph, key } = argumentsOf(directive);
        if (typeof key !== 'string') continue;
        const place = `${names.get(String(graph))} ${definition.name.value}`;
        this.#keys.set(place, [...(this.#keys.get(place) ?? []), fieldsOf(key)]);
      }
    }
  }

  of(subgraph: string, type: string): readonly EntityKey[] {
    return this.#keys.get(`${subgraph} ${type}`) ?? [];
  }
}

/** What `join__Graph` calls each subgraph: `PRODUCTS` is `products`. */
export function graphNamesOf(supergraph: DocumentNode): Map<string, string> {
  const names = new Map<string, string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const directive = value.directives?.find(({ name }) => name.value === 'join__graph');
      if (directive) names.set(value.name.value, String(argumentsOf(directive).name));
    }
  }
  return names;
}

const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));

function fieldsOf(key: string): EntityKey {
  const [definition] = parse(`{ ${key} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return definition.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}
