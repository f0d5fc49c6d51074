import { rememberedAnswers } from '@mercato/idempotency';
import { publishedEvents, receivedEvents, startRelay } from '@mercato/outbox';
import { handle } from '@mercato/queue';
import { retention } from '@mercato/retention';
import type { SubgraphDependencies, SubgraphWorker } from '@mercato/subgraph-server';
import { checkoutOrders } from './checkout-orders.ts';
import type { InventoryDatabase } from './domain/database.ts';
import { expireHolds } from './domain/reservation/expire.ts';
import { availabilityChanged } from './events/index.ts';
import { reconcileOnSchedule, sweepHolds } from './jobs/definitions.ts';
import { eventHandler } from './jobs/events.ts';
import { reconcileHandler, scheduleHandler } from './jobs/reconciliation.ts';
import type { InventorySettings } from './settings.ts';

interface WorkerParts extends SubgraphDependencies {
  readonly db: InventoryDatabase;
  readonly settings: InventorySettings;
}

/** Runs side by side: one that takes long must not keep a count from being compared. */
const reconciliationsAtOnce = 3;

/** Carries events out, applies those that come in, sweeps lapsed holds and old rows, and reconciles. */
export async function startInventoryWorker(parts: WorkerParts): Promise<SubgraphWorker> {
  const { databaseUrl, queues, routes, logger, db, subgraphs, settings } = parts;
  const reconciliation = { db, orders: checkoutOrders(subgraphs), settings: settings.reconciliation, logger };
  const oldRows = retention('inventory', db, [publishedEvents, receivedEvents, rememberedAnswers]);
  const workers = await Promise.all([
    queues.work('inventory', [
      eventHandler(db),
      handle(sweepHolds, (_payload, { signal }) => expireHolds(db, signal)),
      oldRows.handler,
    ]),
    queues.work(
      'inventory-reconciliation',
      [reconcileHandler(reconciliation), scheduleHandler({ db, queues, logger })],
      { concurrency: reconciliationsAtOnce },
    ),
  ]);
  const relay = await startRelay({
    databaseUrl,
    queues,
    routes,
    logger,
    changes: { subgraph: 'inventory', events: [availabilityChanged] },
  });
  await queues.schedule(sweepHolds, 'sweep-holds', { every: settings.holdSweepMs }, {});
  await oldRows.schedule(queues);
  await queues.schedule(reconcileOnSchedule, 'reconcile', { every: settings.reconciliationEveryMs }, {});

  return {
    async stop() {
      await relay.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
