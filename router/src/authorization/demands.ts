import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Place } from './places.ts';
import type { Requirements } from './requirements.ts';
import type { Rule } from './rule.ts';

/** A part of an operation in which something is required; parts in which nothing is are left out. */
export interface Demand {
  /** The field's name in the answer; undefined for a fragment. */
  readonly name: string | undefined;
  /** How many lists are around each of the field's objects. */
  readonly lists: number;
  readonly conditions: readonly Condition[];
  readonly rules: readonly Rule[];
  /** What is required below. The same fragment at places alike has the same object here. */
  readonly below: readonly Demand[];
}

/** `@skip` or `@include` by a variable: the part is there only where the variable has the value. */
export interface Condition {
  readonly variable: string;
  readonly value: boolean;
}

/** Finds out what an operation requires, and where. Each fragment is walked once for each kind of place it stands at. */
export class DemandReader {
  readonly #requirements: Requirements;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #read = new Map<string, readonly Demand[]>();

  constructor(requirements: Requirements, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#requirements = requirements;
    this.#fragments = fragments;
  }

  read(place: Place, set: SelectionSetNode): readonly Demand[] {
    return set.selections.flatMap((selection) => this.#readSelection(place, selection) ?? []);
  }

  #readSelection(place: Place, selection: SelectionNode): Demand | undefined {
    const conditions = conditionsOf(selection);
    if (!conditions) return undefined;
    if (selection.kind === Kind.FIELD) return this.#readField(place, selection, conditions);
    const below =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? this.#readFragment(place, selection.name.value)
        : this.read(this.#requirements.within(place, selection.typeCondition?.name.value), selection.selectionSet);
    return below.length === 0 ? undefined : { name: undefined, lists: 0, conditions, rules: [], below };
  }

  #readField(place: Place, field: FieldNode, conditions: readonly Condition[]): Demand | undefined {
    const name = field.name.value;
    const rules = this.#requirements.of(place, name);
    const inner = field.selectionSet && this.#requirements.below(place, name);
    const below = field.selectionSet && inner ? this.read(inner, field.selectionSet) : [];
    if (rules.length === 0 && below.length === 0) return undefined;
    return { name: field.alias?.value ?? name, lists: listsAround(place, name), conditions, rules, below };
  }

  #readFragment(place: Place, name: string): readonly Demand[] {
    const fragment = this.#fragments.get(name);
    if (!fragment) return [];
    const inner = this.#requirements.within(place, fragment.typeCondition.name.value);
    const key = `${name} ${inner.key}`;
    let demands = this.#read.get(key);
    if (!demands) {
      demands = this.read(inner, fragment.selectionSet);
      this.#read.set(key, demands);
    }
    return demands;
  }
}

function listsAround({ type }: Place, name: string): number {
  let lists = 0;
  let returned: GraphQLOutputType | undefined = isUnionType(type) ? undefined : type.getFields()[name]?.type;
  while (isNonNullType(returned) || isListType(returned)) {
    if (isListType(returned)) lists += 1;
    returned = returned.ofType as GraphQLOutputType;
  }
  return lists;
}

/** Undefined where the selection is never there. */
function conditionsOf({ directives = [] }: SelectionNode): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const { name, arguments: given = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = name.value === 'include';
    const decides = given.find((argument) => argument.name.value === 'if')?.value;
    if (decides?.kind === Kind.VARIABLE) conditions.push({ variable: decides.name.value, value });
    else if (decides?.kind === Kind.BOOLEAN && decides.value !== value) return undefined;
  }
  return conditions;
}
