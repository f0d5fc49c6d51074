import type { Field } from '../model/description.ts';
import { type Entry, valueIn } from '../store/documents.ts';
import { compareText } from '../store/store.ts';

const stampNames = ['createdAt', 'updatedAt', 'publishedAt'] as const;

/** Names of what entries can be ordered by. */
export const orderable = (fields: readonly Field[]): string[] => [
  ...fields
    .filter(({ kind }) => ['string', 'int', 'float', 'boolean', 'dateTime', 'enumeration'].includes(kind))
    .map(({ name }) => name),
  'id',
  ...stampNames,
];

/**
 * Sorts by one `orderBy` value such as `title_ASC`. Absent values come last going up and first going down, as Postgres
 * has it (inferred); entries of equal value keep their order.
 */
export function inOrder(entries: readonly Entry[], fields: readonly Field[], orderBy: string | null): readonly Entry[] {
  const wanted = /^(.+)_(ASC|DESC)$/.exec(orderBy ?? '');
  if (!wanted?.[1]) return entries;
  const name = wanted[1];
  const sign = wanted[2] === 'DESC' ? -1 : 1;
  const keyed = entries.map((entry) => ({ entry, key: keyOf(entry, fields, name) }));
  return keyed.sort((a, b) => sign * compareKeys(a.key, b.key)).map(({ entry }) => entry);
}

type Key = string | number | null;

function keyOf(entry: Entry, fields: readonly Field[], name: string): Key {
  if (name === 'id') return entry.snapshot.id;
  const stamp = stampNames.find((candidate) => candidate === name);
  if (stamp) return entry.snapshot.stamps[stamp];
  const field = fields.find((candidate) => candidate.name === name);
  const value = field ? valueIn(entry, field) : null;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function compareKeys(a: Key, b: Key): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}
