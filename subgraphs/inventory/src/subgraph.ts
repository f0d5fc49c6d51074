import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { LiveFeed } from '@mercato/live';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { parse } from 'graphql';
import type { InventoryContext } from './context.ts';
import { openDatabase } from './domain/database.ts';
import { availabilityNow } from './domain/follow-availability.ts';
import { queueRun } from './jobs/queue-run.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { seedInventory } from './seed.ts';
import { type ChosenInventorySettings, defaultSettings, type InventorySettings } from './settings.ts';
import { startInventoryWorker } from './worker.ts';

const typeDefs = parse(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));

/** Stock: warehouses, levels, the ledger, reservations, counts, reconciliation. */
export async function createSubgraph(dependencies: SubgraphDependencies & ChosenInventorySettings): Promise<Subgraph> {
  const { databaseUrl, queues, trustedKeys, logger } = dependencies;
  const settings = settingsOf(dependencies);
  const db = openDatabase(databaseUrl);
  // A sku that sells well changes many times a second; all its followers look together, at one statement's cost.
  const live = new LiveFeed({ databaseUrl, logger, gatherMs: 200, looksAtOnce: Number.POSITIVE_INFINITY });
  const now = availabilityNow(db);

  return createSubgraphServer<InventoryContext>({
    name: 'inventory',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('inventory', trustedKeys),
    logger,
    context: (call) => ({
      ...call,
      db,
      live,
      availabilityNow: now,
      loaders: createLoaders(db),
      queueRun: (runId) => queueRun(queues, call.logger, runId),
    }),
    ready: async () => {
      await db.$queryRaw`SELECT 1`;
    },
    seed: () => seedInventory(db),
    startWorker: () => startInventoryWorker({ ...dependencies, db, settings }),
    close: async () => {
      await live.close();
      await db.$disconnect();
    },
  });
}

function settingsOf({
  holdSweepMs = defaultSettings.holdSweepMs,
  reconciliationEveryMs = defaultSettings.reconciliationEveryMs,
  reconciliation: { chunkSize, graceMs, lookbackMs } = {},
}: ChosenInventorySettings): InventorySettings {
  const { reconciliation } = defaultSettings;
  return {
    holdSweepMs,
    reconciliationEveryMs,
    reconciliation: {
      chunkSize: chunkSize ?? reconciliation.chunkSize,
      graceMs: graceMs ?? reconciliation.graceMs,
      lookbackMs: lookbackMs ?? reconciliation.lookbackMs,
    },
  };
}
