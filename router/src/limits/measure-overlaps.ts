import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/**
 * How many pairs of fields share a place in the answer, of the operation that has most: validation compares each pair, so
 * its work grows with the square of the document. Counted to where the limit is passed. The time is in proportion to the
 * operation's selections with its fragments spread: those have to be held to a limit before.
 */
export function countOverlaps({ definitions }: DocumentNode, limit: number): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  let most = 0;
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    most = Math.max(most, overlapsOf([definition.selectionSet], fragments, limit));
    if (most > limit) break;
  }
  return most;
}

interface Place {
  fields: number;
  readonly sets: SelectionSetNode[];
}

function overlapsOf(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limit: number,
): number {
  const places = new Map<string, Place>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const place = places.get(name) ?? { fields: 0, sets: [] };
        place.fields += 1;
        if (selection.selectionSet) place.sets.push(selection.selectionSet);
        places.set(name, place);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        // Twice at one place it is once.
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  let pairs = 0;
  for (const place of places.values()) {
    pairs += (place.fields * (place.fields - 1)) / 2;
    if (pairs > limit) return pairs;
    if (place.sets.length > 0) pairs += overlapsOf(place.sets, fragments, limit - pairs);
  }
  return pairs;
}
