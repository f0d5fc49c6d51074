import { type Spread, spreadOf } from './spread.ts';

/**
 * A gate must hold, or the command fails: only ratios within one run and counts are gates, for they hold on any
 * machine. An aim is an absolute figure to compare with. What wants nothing is for information.
 */
export interface Wish {
  readonly kind: 'gate' | 'aim';
  readonly bound: 'at least' | 'at most';
  readonly value: number;
}

/** One measured thing, with all that was measured of it. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly wish?: Wish;
}

export const gate = (bound: Wish['bound'], value: number): Wish => ({ kind: 'gate', bound, value });
export const aim = (bound: Wish['bound'], value: number): Wish => ({ kind: 'aim', bound, value });

/** The median is judged. */
export function holds({ values, wish }: Figure): boolean {
  if (!wish) return true;
  const { median } = spreadOf(values);
  return wish.bound === 'at least' ? median >= wish.value : median <= wish.value;
}

export const isMissedGate = (figure: Figure): boolean => figure.wish?.kind === 'gate' && !holds(figure);

export type { Spread };
