import { Kind, type SelectionSetNode } from 'graphql';
import type { Prepared } from './execute.ts';

const known = new WeakMap<object, string>();

/** The first root field of a document of the router's, which names what the call is about: one of the schema's. */
export function firstFieldOf(prepared: Prepared): string {
  if ('errors' in prepared) return 'invalid';
  let field = known.get(prepared.document);
  if (field === undefined) {
    const operation = prepared.document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    field = operation?.kind === Kind.OPERATION_DEFINITION ? firstIn(operation.selectionSet) : 'none';
    known.set(prepared.document, field);
  }
  return field;
}

function firstIn({ selections }: SelectionSetNode): string {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection.name.value;
    if (selection.kind === Kind.INLINE_FRAGMENT) return firstIn(selection.selectionSet);
  }
  return 'fragment';
}
