import { rememberedAnswers } from '@mercato/idempotency';
import { consumeEvents, receivedEvents } from '@mercato/outbox';
import { handle, type Queues } from '@mercato/queue';
import { retention } from '@mercato/retention';
import type { SubgraphWorker } from '@mercato/subgraph-server';
import type { Logger } from '@mercato/telemetry';
import type { CartDatabase } from '../domain/database.ts';
import { expireCarts } from '../domain/expire-carts.ts';
import { expireCartsEvery, expireCartsJob } from './expire-carts.ts';
import { heardEvents } from './heard-events.ts';

/** Hears events, and throws away carts past their time and old rows. */
export async function startWorker({
  db,
  queues,
  logger,
}: {
  db: CartDatabase;
  queues: Queues;
  logger: Logger;
}): Promise<SubgraphWorker> {
  const oldRows = retention('cart', db, [receivedEvents, rememberedAnswers]);
  const worker = await queues.work('cart', [
    consumeEvents('cart', db, heardEvents),
    handle(expireCartsJob, async () => {
      const gone = await expireCarts(db);
      if (gone > 0) logger.info({ gone }, 'Carts lapsed');
    }),
    oldRows.handler,
  ]);
  await queues.schedule(expireCartsJob, 'expire-carts', { every: expireCartsEvery }, {});
  await oldRows.schedule(queues);
  return { stop: () => worker.close() };
}
