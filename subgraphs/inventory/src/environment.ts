import { milliseconds, readEnvironment } from '@mercato/environment';
import { serviceVariables } from '@mercato/subgraph-server';
import { z } from 'zod';

/**
 * What this service reads from its environment when it runs as a process of its own.
 * @throws EnvironmentError
 */
export const readInventoryEnvironment = () =>
  readEnvironment({
    ...serviceVariables,
    /** How often lapsed holds are given back. */
    HOLD_SWEEP_MS: milliseconds().default(15_000),
    /** How often all stock is reconciled. */
    RECONCILIATION_EVERY_MS: milliseconds().default(15 * 60_000),
    /** Levels compared at a time. */
    RECONCILIATION_CHUNK: z.coerce.number().int().min(1).max(20_000).default(5_000),
    /** How old a reservation or an order must be before it is compared with its counterpart, in ms. */
    RECONCILIATION_GRACE_MS: z.coerce
      .number()
      .int()
      .min(0)
      .default(15 * 60_000),
  });
