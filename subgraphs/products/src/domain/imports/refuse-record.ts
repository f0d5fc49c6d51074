import type { FileRecord, RowError } from './imported-product.ts';

/** Refuses all rows of a product for one mistake; each row says so, as each is counted. */
export const refuseRecord = (lines: readonly number[], errors: readonly RowError[]): FileRecord => ({
  lines,
  product: null,
  errors: [...errors, ...refusedAlong(lines, errors)],
});

/** The rows that have no mistake of their own, refused along with those that have. */
export function refusedAlong(lines: readonly number[], errors: readonly RowError[]): RowError[] {
  const named = new Set(errors.map(({ line }) => line));
  const cause = Math.min(...named);
  return lines
    .filter((line) => !named.has(line))
    .map((line) => ({
      line,
      column: null,
      message: `The row is refused with its product; see line ${cause}.`,
      value: null,
    }));
}
