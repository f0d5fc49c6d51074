import fc from 'fast-check';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { expect, test } from 'vitest';
import { measure } from '../src/limits/measure.ts';
import { countOverlaps } from '../src/limits/measure-overlaps.ts';

const fragmentNames = ['F0', 'F1', 'F2', 'F3'];

/** Selections that spread only fragments from this one on: none is within itself. */
const selections = (from: number, depth: number): fc.Arbitrary<string> => {
  const name = fc.constantFrom('a', 'b', 'c');
  const alias = fc.option(fc.constantFrom('x', 'y'));
  const leaf = fc.tuple(alias, name).map(([as, field]) => (as ? `${as}: ${field}` : field));
  const spreads = fragmentNames.slice(from).map((fragment) => fc.constant(`...${fragment}`));
  const choices = [leaf, ...spreads];
  if (depth > 0) {
    const within = fc.tuple(leaf, fc.constantFrom('', '... '), selections(from, depth - 1));
    choices.push(within.map(([field, inline, set]) => `${inline || field} { ${set} }`));
  }
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
};

const documents = fc
  .tuple(selections(0, 3), ...fragmentNames.map((_, n) => selections(n + 1, 2)))
  .map(([operation, ...fragments]) =>
    [`{ ${operation} }`, ...fragments.map((set, n) => `fragment ${fragmentNames[n]} on T { ${set} }`)].join('\n'),
  );

/** The same, the long way: with every spread written out. */
function writtenOut(document: DocumentNode): SelectionSetNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const write = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) throw new Error('no such fragment');
        return { kind: Kind.INLINE_FRAGMENT, selectionSet: write(fragment.selectionSet) };
      }
      if (!selection.selectionSet) return selection;
      return { ...selection, selectionSet: write(selection.selectionSet) };
    }),
  });
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return write(operation.selectionSet);
}

function everySelection(set: SelectionSetNode): SelectionNode[] {
  return set.selections.flatMap((selection) => [
    selection,
    ...(selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet
      ? everySelection(selection.selectionSet)
      : []),
  ]);
}

function depthOf(set: SelectionSetNode): number {
  return Math.max(
    ...set.selections.map((selection) => {
      const below =
        selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet ? depthOf(selection.selectionSet) : 0;
      return selection.kind === Kind.FIELD ? 1 + below : below;
    }),
  );
}

/** Pairs of fields at one place of the answer; `sets` are merged there. */
function pairsAt(sets: readonly SelectionSetNode[]): number {
  const flatten = (set: SelectionSetNode): SelectionNode[] =>
    set.selections.flatMap((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT ? flatten(selection.selectionSet) : [selection],
    );
  const places = new Map<string, SelectionSetNode[][]>();
  for (const selection of sets.flatMap(flatten)) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = selection.alias?.value ?? selection.name.value;
    places.set(name, [...(places.get(name) ?? []), selection.selectionSet ? [selection.selectionSet] : []]);
  }
  return [...places.values()].reduce(
    (sum, found) => sum + (found.length * (found.length - 1)) / 2 + (found.flat().length ? pairsAt(found.flat()) : 0),
    0,
  );
}

test('a document measures what it would with every spread written out', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const document = parse(text);
      const whole = writtenOut(document);
      const all = everySelection(whole);
      const found = measure(document, { nesting: 1_000 });
      expect(found.selections).toBe(
        // A spread is a selection, and an inline fragment in its place is one too.
        all.length,
      );
      expect(found.aliases).toBe(all.filter((one) => one.kind === Kind.FIELD && one.alias).length);
      expect(found.depth).toBeGreaterThanOrEqual(depthOf(whole));
      expect(found.isEndless).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('pairs that share a place are never fewer than with spreads written out once each', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const document = parse(text);
      const most = pairsAt([writtenOut(document)]);
      const counted = countOverlaps(document, Number.POSITIVE_INFINITY);
      // A fragment that is spread twice at one place is compared once.
      expect(counted).toBeLessThanOrEqual(most);
      const spreads = text.match(/\.\.\.F/g) ?? [];
      if (spreads.length === 0) expect(counted).toBe(most);
    }),
    { numRuns: 300 },
  );
});
