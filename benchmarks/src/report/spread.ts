export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws Error without values: nothing was measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined || sorted.some(Number.isNaN)) throw new Error('Nothing was measured.');
  return { min, median: percentile(sorted, 0.5), max };
}

/** Linear between the two nearest values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error('Nothing was measured.');
  return below + (above - below) * (place - Math.floor(place));
}
