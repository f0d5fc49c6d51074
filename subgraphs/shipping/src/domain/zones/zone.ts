/** Amounts in minor units, by currency. */
export type Amounts = Readonly<Record<string, bigint>>;

/** A price of delivery within bounds of weight and value. */
export interface Rate {
  readonly id: string;
  readonly carrier: string;
  readonly service: string;
  readonly prices: Amounts;
  /** Value of goods from which it is free; no entry where it never is. */
  readonly freeFrom: Amounts;
  readonly minWeightInGrams: number | null;
  readonly maxWeightInGrams: number | null;
  readonly minBusinessDays: number;
  readonly maxBusinessDays: number;
}

/** An area of delivery with its rates. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly countries: readonly string[];
  /** Such as `US-OR`; empty when the countries are covered whole. */
  readonly regions: readonly string[];
  readonly postalCodePrefixes: readonly string[];
  readonly rates: readonly Rate[];
}
