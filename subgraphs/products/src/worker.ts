import { rememberedAnswers } from '@mercato/idempotency';
import { availabilityChanged } from '@mercato/inventory/events';
import { consumeEvents, on, publishedEvents, receivedEvents, startRelay } from '@mercato/outbox';
import { retention } from '@mercato/retention';
import type { SubgraphDependencies, SubgraphWorker } from '@mercato/subgraph-server';
import type { Transaction } from './domain/database.ts';
import { applyAvailability } from './domain/stock/apply-availability.ts';
import { productCreated, productStockChanged, productUpdated } from './events/index.ts';
import { importQueue, mediaQueue, tendImports, tendPictures } from './jobs/definitions.ts';
import { importHandlers, type JobDependencies, mediaHandlers } from './jobs/handlers.ts';

const seconds = 1_000;

/** Carries events on, hears inventory's, runs imports, fetches pictures and removes old rows. */
export async function startProductsWorker(
  { databaseUrl, routes, logger }: SubgraphDependencies,
  jobs: JobDependencies,
): Promise<SubgraphWorker> {
  const { queues, database } = jobs;
  const relay = await startRelay({
    databaseUrl,
    queues,
    routes,
    logger,
    changes: { subgraph: 'products', events: [productCreated, productUpdated, productStockChanged] },
  });
  const events = consumeEvents<Transaction>('products', database, [
    on(availabilityChanged, (tx, { payload }) => applyAvailability(tx, payload.skus)),
  ]);
  const oldRows = retention('products', database, [publishedEvents, receivedEvents, rememberedAnswers]);
  const workers = [
    await queues.work('products', [events, oldRows.handler]),
    // Imports are held to few at a time: each of them keeps the database busy.
    await queues.work(importQueue, importHandlers(jobs), { concurrency: 2 }),
    await queues.work(mediaQueue, mediaHandlers(jobs)),
  ];
  await queues.schedule(tendImports, 'tend-imports', { every: 60 * seconds }, {});
  await oldRows.schedule(queues);
  await queues.schedule(tendPictures, 'tend-pictures', { every: 15 * seconds }, {});
  return {
    async stop() {
      await relay.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
