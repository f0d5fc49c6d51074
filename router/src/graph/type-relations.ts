import { type DocumentNode, Kind } from 'graphql';

/**
 * Which types are of which abstract type, in the whole supergraph: plans speak of types that clients do not see, too.
 */
export class TypeRelations {
  readonly #members = new Map<string, Set<string>>();

  constructor(supergraph: DocumentNode) {
    for (const definition of supergraph.definitions) {
      if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
        for (const member of definition.types ?? []) this.#add(definition.name.value, member.name.value);
      }
      if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
        for (const implemented of definition.interfaces ?? []) this.#add(implemented.name.value, definition.name.value);
      }
    }
  }

  #add(abstract: string, member: string): void {
    const members = this.#members.get(abstract) ?? new Set();
    members.add(member);
    this.#members.set(abstract, members);
  }

  /** Whether something of the type `name` is of the type `condition` too. */
  is(name: string, condition: string): boolean {
    return name === condition || (this.#members.get(condition)?.has(name) ?? false);
  }
}
