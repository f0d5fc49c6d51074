/** How large a difference between shelf and books may be to be booked without asking. */
export interface CountPolicy {
  readonly countHealUnits: number;
  /** Of what the books say. */
  readonly countHealPercent: number;
}

/** Whether a count's difference is small: a few units, or a small share of what the books say. */
export function isSmall(booked: number, counted: number, { countHealUnits, countHealPercent }: CountPolicy): boolean {
  const difference = Math.abs(counted - booked);
  return difference <= countHealUnits || difference * 100 <= countHealPercent * Math.max(booked, 0);
}
