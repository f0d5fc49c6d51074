import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Data } from '../execution/data.ts';
import type { Operation } from './operation.ts';

/** What `__schema` and `__type` at the root of an operation answer, by their names in it. */
export function introspect(operation: Operation, variables: Readonly<Data>): Data {
  const { introspection: selections, fragments } = operation;
  if (selections.length === 0) return none;
  const { data } = executeSync({
    schema: operation.graph.schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        { ...operation.definition, selectionSet: { kind: Kind.SELECTION_SET, selections } },
        ...fragments.values(),
      ],
    } satisfies DocumentNode,
    variableValues: variables,
  });
  return data ? { ...data } : {};
}

const none: Data = {};

/** The introspection that an operation asks for at its root. */
export function introspectionIn(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldNode[] {
  return set.selections.flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return /^__(schema|type)$/.test(selection.name.value) ? [selection] : [];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return fragment ? introspectionIn(fragment.selectionSet, fragments) : [];
  });
}
