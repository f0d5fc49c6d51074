import { spreadOf } from './spread.ts';

/**
 * A gate must hold, or the command fails: only ratios within one run and counts are gates, for they hold on any
 * machine. An aim is an absolute figure to compare with. What wants nothing is for information.
 */
export interface Wish {
  readonly kind: 'gate' | 'aim';
  readonly bound: 'at least' | 'at most';
  readonly value: number;
  /** What is held against it. A ratio is its median; a count must hold every time. */
  readonly judged: 'median' | 'worst';
}

/** One measured thing, with all that was measured of it. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly wish?: Wish;
}

export const ratioGate = (bound: Wish['bound'], value: number): Wish => ({
  kind: 'gate',
  bound,
  value,
  judged: 'median',
});
export const countGate = (bound: Wish['bound'], value: number): Wish => ({
  kind: 'gate',
  bound,
  value,
  judged: 'worst',
});
export const aim = (bound: Wish['bound'], value: number): Wish => ({ kind: 'aim', bound, value, judged: 'median' });

export function holds({ values, wish }: Figure): boolean {
  if (!wish) return true;
  const { min, median, max } = spreadOf(values);
  if (wish.bound === 'at least') return (wish.judged === 'worst' ? min : median) >= wish.value;
  return (wish.judged === 'worst' ? max : median) <= wish.value;
}

export const isMissedGate = (figure: Figure): boolean => figure.wish?.kind === 'gate' && !holds(figure);
