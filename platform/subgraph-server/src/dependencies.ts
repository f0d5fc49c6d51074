import type { PublicKey } from '@mercato/auth';
import type { EventRoutes } from '@mercato/outbox';
import type { Queues } from '@mercato/queue';
import type { SubgraphClient } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';

/** What every subgraph is given, whatever the topology: a process of its own reads it from the environment. */
export interface SubgraphDependencies {
  /** The domain's own Postgres database, migrated. */
  readonly databaseUrl: string;
  readonly queues: Queues;
  /** Asks other subgraphs, as this one. */
  readonly subgraphs: SubgraphClient;
  /** Public keys of those who may call, by caller. */
  readonly trustedKeys: Readonly<Record<string, PublicKey>>;
  /** Which domains hear of this one's events. */
  readonly routes: EventRoutes;
  readonly logger: Logger;
}
