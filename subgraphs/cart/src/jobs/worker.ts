import { consumeEvents } from '@mercato/outbox';
import { handle, type Queues } from '@mercato/queue';
import type { SubgraphWorker } from '@mercato/subgraph-server';
import type { Logger } from '@mercato/telemetry';
import type { CartDatabase } from '../domain/database.ts';
import { expireCarts } from '../domain/expire-carts.ts';
import { expireCartsEvery, expireCartsJob } from './expire-carts.ts';
import { heardEvents } from './heard-events.ts';

/** Hears events, and throws away carts past their time. */
export async function startWorker({
  db,
  queues,
  logger,
}: {
  db: CartDatabase;
  queues: Queues;
  logger: Logger;
}): Promise<SubgraphWorker> {
  const worker = await queues.work('cart', [
    consumeEvents('cart', db, heardEvents),
    handle(expireCartsJob, async () => {
      const gone = await expireCarts(db);
      if (gone > 0) logger.info({ gone }, 'Carts lapsed');
    }),
  ]);
  await queues.schedule(expireCartsJob, 'expire-carts', { every: expireCartsEvery }, {});
  return { stop: () => worker.close() };
}
