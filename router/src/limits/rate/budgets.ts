import type { ViewerKind } from '@mercato/auth';

/** Points that one client may spend: at once, and again as they come back, evenly, over so many seconds. */
export interface Budget {
  readonly points: number;
  readonly seconds: number;
}

/** By who asks; null for as much as they like. */
export type Budgets = Readonly<Record<ViewerKind, Budget | null>>;

/**
 * A page of a shop costs some hundred points. Guests of one address may be many, as behind an office's; partners fetch
 * whole catalogs.
 */
export const defaultBudgets: Budgets = {
  guest: { points: 120_000, seconds: 60 },
  customer: { points: 60_000, seconds: 60 },
  partner: { points: 300_000, seconds: 60 },
  staff: { points: 300_000, seconds: 60 },
  service: null,
};

/** A budget as it is counted with and told. */
export interface Policy {
  readonly kind: ViewerKind;
  readonly points: number;
  readonly seconds: number;
  /** Points that come back in a millisecond. */
  readonly rate: number;
  /** `RateLimit-Policy`. */
  readonly header: string;
}

export const policyOf = (kind: ViewerKind, { points, seconds }: Budget): Policy => ({
  kind,
  points,
  seconds,
  rate: points / (seconds * 1_000),
  header: `"${kind}";q=${points};qu="points";w=${seconds}`,
});
