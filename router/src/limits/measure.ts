import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

export interface Measure {
  /** Fields within fields, with fragments spread; one more than the limit where it is more. */
  readonly depth: number;
  /** Fields as written, in all operations and fragments. */
  readonly fields: number;
}

/**
 * Measures a document that was parsed but not validated: fragments may be missing, or spread themselves. Takes time in
 * proportion to the document, however its fragments are nested.
 */
export function measure(document: DocumentNode, limits: { depth: number }): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, number>();
  const underway = new Set<string>();
  let fields = 0;

  const depthOfFragment = (name: string): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const fragment = fragments.get(name);
    // A fragment within itself, or one that is not there: validation says so.
    if (!fragment || underway.has(name)) return 0;
    underway.add(name);
    const depth = depthOf(fragment.selectionSet, 0);
    underway.delete(name);
    known.set(name, depth);
    return depth;
  };

  const depthOf = (set: SelectionSetNode, above: number): number => {
    // Far enough to know that it is too deep; the stack of this function is finite too.
    if (above > limits.depth) return limits.depth + 1;
    let deepest = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        fields += 1;
        const below = selection.selectionSet ? depthOf(selection.selectionSet, above + 1) : 0;
        deepest = Math.max(deepest, 1 + below);
      } else {
        const below =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? depthOfFragment(selection.name.value)
            : depthOf(selection.selectionSet, above + 1);
        deepest = Math.max(deepest, below);
      }
    }
    return deepest;
  };

  let depth = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) depth = Math.max(depth, depthOf(definition.selectionSet, 0));
    if (definition.kind === Kind.FRAGMENT_DEFINITION) depth = Math.max(depth, depthOfFragment(definition.name.value));
  }
  return { depth, fields };
}
