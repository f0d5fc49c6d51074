/** What a deployment may choose; the defaults suit a shop. */
export interface InventorySettings {
  /** Milliseconds between sweeps of lapsed holds. */
  readonly holdSweepMs: number;
  /** Milliseconds between scheduled reconciliations. */
  readonly reconciliationEveryMs: number;
  readonly reconciliation: ReconciliationSettings;
}

/** Settings of which any may be left to their defaults. */
export type ChosenInventorySettings = Partial<Omit<InventorySettings, 'reconciliation'>> & {
  readonly reconciliation?: Partial<ReconciliationSettings>;
};

export interface ReconciliationSettings {
  /** Levels compared at a time; locks are held for no more than those of one chunk that are off. */
  readonly chunkSize: number;
  /** Reservations and orders younger than this, in ms, are left alone: their checkout may still be at work. */
  readonly graceMs: number;
  /** How far back placed orders are looked for, in ms. */
  readonly lookbackMs: number;
}

export const defaultSettings: InventorySettings = {
  holdSweepMs: 15_000,
  reconciliationEveryMs: 15 * 60_000,
  reconciliation: { chunkSize: 5_000, graceMs: 15 * 60_000, lookbackMs: 30 * 24 * 3_600_000 },
};
