import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Data, objectsAt } from '../../execution/data.ts';
import type { EntityKey } from '../../graph/entity-keys.ts';

/** Entities of one type somewhere in an answer. */
export interface EntityPlace {
  readonly path: readonly string[];
  readonly type: string;
  /** Names in the answer that hold a key. */
  readonly keyNames: Set<string>;
  /** Nothing there is an answer too, which changes as soon as there is something. */
  readonly mayBeMissing: boolean;
}

/** Gathers, while a step's document is read, which entities its answer is made of. */
export class EntityPlaces {
  readonly #schema: GraphQLSchema;
  readonly #keysOf: (type: string) => readonly EntityKey[];
  readonly #places = new Map<string, EntityPlace>();
  readonly #reached = new Map<string, ReadonlySet<string>>();
  /** Types that the answer searches, so that any change of one of theirs may change it. */
  readonly searched = new Set<string>();

  constructor(schema: GraphQLSchema, keysOf: (type: string) => readonly EntityKey[]) {
    this.#schema = schema;
    this.#keysOf = keysOf;
  }

  get found(): EntityPlace[] {
    return [...this.#places.values()];
  }

  isEntity(type: string): boolean {
    return this.#keysOf(type).length > 0;
  }

  /** An object of this type stands here, with this field selected. */
  note(type: GraphQLCompositeType, path: readonly string[], field: { name: string; responseName: string }): void {
    // Where an answer begins, the representation tells which entity it is.
    if (!isObjectType(type) || path.length === 0) return;
    const place = this.#place(type.name, path, false);
    if (place && this.#keysOf(type.name).some((key) => key.length === 1 && key[0] === field.name)) {
      place.keyNames.add(field.responseName);
    }
  }

  /**
   * A field leads from here to there. A list of entities on an entity belongs to it: who changes the list tells of the
   * entity. All else that leads to entities is a search.
   */
  follow(parent: GraphQLCompositeType, path: readonly string[], type: GraphQLOutputType): void {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return;
    if (isObjectType(named) && this.isEntity(named.name)) {
      if (!isList(type)) this.#place(named.name, path, !this.isEntity(parent.name));
      else if (!this.isEntity(parent.name)) this.searched.add(named.name);
      return;
    }
    for (const reached of this.#reachedFrom(named)) this.searched.add(reached);
  }

  #place(type: string, path: readonly string[], mayBeMissing: boolean): EntityPlace | undefined {
    if (!this.isEntity(type)) return undefined;
    const key = JSON.stringify([type, path]);
    const known = this.#places.get(key);
    if (known) return known;
    const place = { path, type, keyNames: new Set<string>(), mayBeMissing };
    this.#places.set(key, place);
    return place;
  }

  /** Entities that can be come to from a type without passing another entity. */
  #reachedFrom(from: GraphQLCompositeType): ReadonlySet<string> {
    const known = this.#reached.get(from.name);
    if (known) return known;
    const reached = new Set<string>();
    const seen = new Set<string>();
    const look = (type: GraphQLCompositeType): void => {
      if (seen.has(type.name)) return;
      seen.add(type.name);
      if (isObjectType(type) && this.isEntity(type.name)) {
        reached.add(type.name);
        return;
      }
      if (isAbstractType(type)) for (const possible of this.#schema.getPossibleTypes(type)) look(possible);
      if (!('getFields' in type)) return;
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type);
        if (isCompositeType(named)) look(named);
      }
    };
    look(from);
    this.#reached.set(from.name, reached);
    return reached;
  }
}

const isList = (type: GraphQLOutputType): boolean => isListType(type) || (isNonNullType(type) && isList(type.ofType));

/** The keys of the entities at a place of an answer; undefined where one of them does not show its own. */
export function keysAt({ path, keyNames, mayBeMissing }: EntityPlace, answer: Data): string[] | undefined {
  const objects = objectsAt(answer, path);
  if (objects.length === 0) return mayBeMissing ? undefined : [];
  const keys: string[] = [];
  for (const object of objects) {
    let shown = false;
    for (const name of keyNames) {
      const value = object[name];
      if (typeof value !== 'string' && typeof value !== 'number') continue;
      keys.push(String(value));
      shown = true;
    }
    if (!shown) return undefined;
  }
  return keys;
}
