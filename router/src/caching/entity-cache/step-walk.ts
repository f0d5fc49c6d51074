import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { AuthorizationRules } from '../../authorization/read-rules.ts';
import { cacheHintOf, isGuarded, isPrivateType } from '../cache-hints.ts';
import type { EntityPlaces } from './entity-places.ts';

interface Here {
  readonly type: GraphQLCompositeType;
  /** Response names. */
  readonly path: readonly string[];
  readonly isRoot: boolean;
  /** Nothing around it states a lifetime that its fields could take. */
  readonly wantsAge?: boolean;
}

/** Reads what a step asks of a subgraph: the shortest of its lifetimes, and whether something refuses to be kept. */
export class StepWalk {
  readonly #schema: GraphQLSchema;
  readonly #rules: AuthorizationRules;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #places: EntityPlaces;
  /** Seconds. */
  maxAge: number | undefined;
  isRefused = false;

  constructor(parts: {
    schema: GraphQLSchema;
    rules: AuthorizationRules;
    fragments: ReadonlyMap<string, FragmentDefinitionNode>;
    places: EntityPlaces;
  }) {
    this.#schema = parts.schema;
    this.#rules = parts.rules;
    this.#fragments = parts.fragments;
    this.#places = parts.places;
  }

  refuse(): void {
    this.isRefused = true;
  }

  restrict(maxAge: number): void {
    this.maxAge = Math.min(this.maxAge ?? maxAge, maxAge);
  }

  /** The parts of a selection that are written under a type each. */
  fragmentsIn({ selections }: SelectionSetNode): { typeName: string; selections: SelectionSetNode }[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== '__typename') this.refuse();
        return [];
      }
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      const typeName = part?.typeCondition?.name.value;
      if (part && typeName !== undefined) return [{ typeName, selections: part.selectionSet }];
      this.refuse();
      return [];
    });
  }

  visit({ selections }: SelectionSetNode, here: Here): void {
    if (isGuarded(here.type) || this.#rules.ofTypes.has(here.type.name)) this.refuse();
    for (const selection of selections) {
      if (this.isRefused) return;
      if (selection.kind === Kind.FIELD) {
        this.#visitField(selection, here);
        continue;
      }
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      if (!part) {
        this.refuse();
        return;
      }
      const type = this.#typeOf(part.typeCondition?.name.value, here.type);
      // The field that leads here says only of its own type whether it is somebody's.
      if (type !== here.type && isPrivateType(type)) this.refuse();
      this.visit(part.selectionSet, { ...here, type });
    }
  }

  #visitField(node: FieldNode, here: Here): void {
    const { type: parent, path } = here;
    const name = node.name.value;
    if (name === '__typename') return;
    const declared = this.#fieldsOf(parent, name);
    const [first] = declared;
    // What the supergraph does not know, such as introspection.
    if (!first) {
      this.refuse();
      return;
    }
    for (const { owner, field } of declared) {
      const { maxAge, isPrivate } = cacheHintOf(field, here.isRoot);
      if (isPrivate || this.#isRuled(owner.name, name)) this.refuse();
      if (owner !== parent && isPrivateType(owner)) this.refuse();
      if (maxAge !== undefined) this.restrict(maxAge);
      else if (here.wantsAge) this.refuse();
    }
    const responseName = (node.alias ?? node.name).value;
    this.#places.note(parent, path, { name, responseName });
    const type = getNamedType(first.field.type);
    if (!node.selectionSet || !isCompositeType(type)) return;
    const below = [...path, responseName];
    this.#places.follow(parent, below, first.field.type);
    this.visit(node.selectionSet, { type, path: below, isRoot: false });
  }

  #isRuled(type: string, field: string): boolean {
    return this.#rules.ofTypes.has(type) || this.#rules.ofFields.has(`${type}.${field}`);
  }

  /** The field, and each object's own where they may differ. */
  #fieldsOf(parent: GraphQLCompositeType, name: string) {
    const types = isAbstractType(parent) ? [parent, ...this.#schema.getPossibleTypes(parent)] : [parent];
    const found: { owner: GraphQLCompositeType; field: GraphQLField<unknown, unknown> }[] = [];
    for (const owner of types) {
      const field = isUnionType(owner) ? undefined : owner.getFields()[name];
      if (field) found.push({ owner, field });
    }
    return found;
  }

  #typeOf(name: string | undefined, otherwise: GraphQLCompositeType): GraphQLCompositeType {
    const type = name === undefined ? otherwise : this.#schema.getType(name);
    return isCompositeType(type) ? type : otherwise;
  }
}
