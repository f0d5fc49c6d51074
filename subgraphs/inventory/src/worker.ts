import { startRelay } from '@mercato/outbox';
import { handle } from '@mercato/queue';
import type { SubgraphDependencies, SubgraphWorker } from '@mercato/subgraph-server';
import type { InventoryDatabase } from './domain/database.ts';
import { expireHolds } from './domain/reservation/expire.ts';
import { reconcile, reconcileOnSchedule, sweepHolds } from './jobs/definitions.ts';
import { eventHandler } from './jobs/events.ts';
import type { InventorySettings } from './settings.ts';

interface WorkerParts extends SubgraphDependencies {
  readonly db: InventoryDatabase;
  readonly settings: InventorySettings;
}

/** Carries events out, applies those that come in, sweeps lapsed holds and reconciles. */
export async function startInventoryWorker(parts: WorkerParts): Promise<SubgraphWorker> {
  const { databaseUrl, queues, routes, logger, db, settings } = parts;
  const workers = await Promise.all([
    queues.work('inventory', [eventHandler(db), handle(sweepHolds, (_payload, { signal }) => expireHolds(db, signal))]),
  ]);
  const relay = await startRelay({ databaseUrl, queues, routes, logger });
  await queues.schedule(sweepHolds, 'sweep-holds', { every: settings.holdSweepMs }, {});

  return {
    async stop() {
      await relay.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
