import type { Logger } from '@mercato/telemetry';
import type { ReconciliationSettings } from '../../settings.ts';
import type { InventoryDatabase } from '../database.ts';
import type { Orders } from './orders.ts';

/** What the steps of a run work with. */
export interface ReconciliationParts {
  readonly db: InventoryDatabase;
  /** The orders that reservations are matched with. */
  readonly orders: Orders;
  readonly settings: ReconciliationSettings;
  readonly logger: Logger;
}
