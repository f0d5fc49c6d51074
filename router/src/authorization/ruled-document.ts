import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Place } from './places.ts';
import type { Requirements } from './requirements.ts';
import type { Rule } from './rule.ts';

/** An operation in which every field requires the same wherever it stands. */
export interface RuledDocument {
  /** Only the operation and the fragments that it uses. */
  readonly document: DocumentNode;
  /** By field of the document, where something is required. */
  readonly rules: ReadonlyMap<FieldNode, readonly Rule[]>;
}

/**
 * Writes an operation so that each of its fields has one requirement: a fragment that is spread at places of different
 * kinds, such as an interface and one of its implementations, becomes a fragment for each.
 */
export function ruledDocument(
  root: Place,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  requirements: Requirements,
): RuledDocument {
  const writing = new Writing(fragments, requirements);
  const selectionSet = writing.set(root, operation.selectionSet);
  return {
    document: { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet }, ...writing.fragments.values()] },
    rules: writing.rules,
  };
}

class Writing {
  readonly rules = new Map<FieldNode, readonly Rule[]>();
  /** By fragment and the place it is for. */
  readonly fragments = new Map<string, FragmentDefinitionNode>();
  readonly #given: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #names: Set<string>;
  readonly #namesOf = new Map<string, string>();
  readonly #requirements: Requirements;

  constructor(given: ReadonlyMap<string, FragmentDefinitionNode>, requirements: Requirements) {
    this.#given = given;
    this.#names = new Set(given.keys());
    this.#requirements = requirements;
  }

  set(place: Place, { selections, ...rest }: SelectionSetNode): SelectionSetNode {
    return { ...rest, selections: selections.map((selection) => this.#selection(place, selection)) };
  }

  #selection(place: Place, selection: SelectionNode): SelectionNode {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(place, selection);
      case Kind.INLINE_FRAGMENT: {
        const inner = this.#requirements.within(place, selection.typeCondition?.name.value);
        return { ...selection, selectionSet: this.set(inner, selection.selectionSet) };
      }
      case Kind.FRAGMENT_SPREAD: {
        const value = this.#fragment(place, selection.name.value);
        return { ...selection, name: { ...selection.name, value } };
      }
    }
  }

  #field(place: Place, field: FieldNode): FieldNode {
    const name = field.name.value;
    const inner = field.selectionSet && this.#requirements.below(place, name);
    const written: FieldNode =
      field.selectionSet && inner ? { ...field, selectionSet: this.set(inner, field.selectionSet) } : { ...field };
    const rules = this.#requirements.of(place, name);
    if (rules.length > 0) this.rules.set(written, rules);
    return written;
  }

  /** @returns the name of the fragment for this place */
  #fragment(place: Place, name: string): string {
    const fragment = this.#given.get(name);
    if (!fragment) return name;
    const inner = this.#requirements.within(place, fragment.typeCondition.name.value);
    const key = `${name} ${inner.key}`;
    const known = this.#namesOf.get(key);
    if (known !== undefined) return known;
    const value = this.#newName(name);
    this.#namesOf.set(key, value);
    const selectionSet = this.set(inner, fragment.selectionSet);
    this.fragments.set(key, { ...fragment, name: { ...fragment.name, value }, selectionSet });
    return value;
  }

  /** The fragment's own name for its first place, another for each further one. */
  #newName(name: string): string {
    if (![...this.#namesOf.keys()].some((key) => key.startsWith(`${name} `))) return name;
    let number = 2;
    while (this.#names.has(`${name}_${number}`)) number += 1;
    this.#names.add(`${name}_${number}`);
    return `${name}_${number}`;
  }
}
