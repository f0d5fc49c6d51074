import type { LiveFeed } from '@mercato/live';
import type { SubgraphCall } from '@mercato/subgraph-server';
import type { InventoryDatabase } from './domain/database.ts';
import type { AvailabilityNow } from './domain/follow-availability.ts';
import type { Loaders } from './loaders.ts';

export type InventoryContext = SubgraphCall & {
  readonly db: InventoryDatabase;
  readonly loaders: Loaders;
  readonly live: LiveFeed;
  readonly availabilityNow: AvailabilityNow;
  /** Queues a run that was started. */
  readonly queueRun: (runId: string) => Promise<void>;
};
