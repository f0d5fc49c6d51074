import type { LiveFeed } from '@mercato/live';
import type { SubgraphCall } from '@mercato/subgraph-server';
import type { AskAvailability } from './domain/availability.ts';
import type { CartDatabase } from './domain/database.ts';

export type CartContext = SubgraphCall & {
  readonly db: CartDatabase;
  readonly live: LiveFeed;
  readonly askAvailability: AskAvailability;
};
