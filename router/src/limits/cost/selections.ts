import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { both, type Condition } from './amounts.ts';
import { type VariableDefaults, variable } from './arguments.ts';
import type { CostModel } from './cost-model.ts';

/** A field as it stands in the document, and for whom. */
export interface Occurrence {
  readonly node: FieldNode;
  /** The type whose field it is. */
  readonly parent: GraphQLNamedType;
  readonly condition: Condition;
}

/** Occurrences of one response name that are merged into one field. */
export interface MergedField {
  readonly name: string;
  readonly occurrences: readonly Occurrence[];
  /** Object types on which it is selected; undefined where on all that the parent may be. */
  readonly types: ReadonlySet<string> | undefined;
}

export interface Document {
  readonly model: CostModel;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly defaults: VariableDefaults;
}

/**
 * The fields of selection sets over values of one type, with fragments spread. Fields of one name are merged where
 * they are selected on the same types; one that is selected on all types and again on some stays two, and is counted
 * twice: more than it costs, never less.
 */
export function collectFields(
  sets: readonly { set: SelectionSetNode; condition: Condition }[],
  parent: GraphQLNamedType,
  document: Document,
): MergedField[] {
  const found = new Map<string, { name: string; occurrences: Occurrence[]; types: ReadonlySet<string> | undefined }>();
  const all = document.model.possibleTypes(parent);

  const collect = (
    set: SelectionSetNode,
    type: GraphQLNamedType,
    types: ReadonlySet<string> | undefined,
    above: Condition,
  ): void => {
    for (const selection of set.selections) {
      const condition = both(above, conditionOf(selection.directives, document.defaults));
      if (condition === false) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const key = types ? `${name} ${[...types].join(' ')}` : name;
        const merged = found.get(key) ?? { name, occurrences: [], types };
        merged.occurrences.push({ node: selection, parent: type, condition });
        found.set(key, merged);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments.get(selection.name.value) : selection;
      if (!fragment) continue;
      const on = fragment.typeCondition ? document.model.schema.getType(fragment.typeCondition.name.value) : type;
      if (!on) continue;
      const narrowed = narrow(types ?? all, document.model.possibleTypes(on));
      if (narrowed.size > 0) {
        collect(fragment.selectionSet, on, narrowed.size === all.size ? undefined : narrowed, condition);
      }
    }
  };
  for (const { set, condition } of sets) collect(set, parent, undefined, condition);
  return [...found.values()];
}

const narrow = (types: ReadonlySet<string>, to: ReadonlySet<string>): ReadonlySet<string> =>
  types === to ? types : new Set([...types].filter((name) => to.has(name)));

function conditionOf(directives: readonly DirectiveNode[] | undefined, defaults: VariableDefaults): Condition {
  let condition: Condition = true;
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    const wanted = name.value === 'include';
    if (value?.kind === Kind.BOOLEAN) condition = both(condition, value.value === wanted);
    if (value?.kind === Kind.VARIABLE) {
      const of = value.name.value;
      condition = both(condition, (variables) => (variable(of, variables, defaults) === true) === wanted);
    }
  }
  return condition;
}
