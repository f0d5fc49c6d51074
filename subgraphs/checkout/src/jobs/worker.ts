import { rememberedAnswers } from '@mercato/idempotency';
import { consumeEvents, publishedEvents, receivedEvents, startRelay } from '@mercato/outbox';
import { handle, UnrecoverableError } from '@mercato/queue';
import { retention } from '@mercato/retention';
import type { SubgraphDependencies, SubgraphWorker } from '@mercato/subgraph-server';
import { expireCheckouts, lapsedCheckouts } from '../domain/checkout/expire.ts';
import { capturePayment } from '../domain/order/capture.ts';
import { type DriveParts, drive } from '../domain/placement/drive.ts';
import { claimPlacement } from '../domain/placement/placement.ts';
import {
  capturePaymentJob,
  checkoutQueue,
  expireCheckoutsJob,
  resumePlacementJob,
  sagaQueue,
  sweepJob,
} from './definitions.ts';
import { heardEvents } from './heard-events.ts';
import { sweep } from './sweep.ts';

/** How long a worker drives one placement on before others get their turn, in milliseconds. */
const turnMs = 30_000;

/**
 * Carries events out, applies those that come in, resumes placements, takes money that is due, ends old checkouts,
 * removes old rows.
 */
export async function startWorker(
  { databaseUrl, queues, routes, logger }: SubgraphDependencies,
  parts: DriveParts,
): Promise<SubgraphWorker> {
  const { db, payments, settings } = parts;
  const resume = async (orderId: string) => {
    const claimed = await claimPlacement(db, orderId, settings.leaseMs);
    if (!claimed) return;
    logger.info({ orderId, step: claimed.step, state: claimed.state }, 'A placement is driven on');
    await drive(claimed, parts, Date.now() + turnMs);
  };
  const oldRows = retention(checkoutQueue, db, [publishedEvents, receivedEvents, rememberedAnswers, lapsedCheckouts]);
  const workers = await Promise.all([
    queues.work(checkoutQueue, [
      oldRows.handler,
      consumeEvents('checkout', db, heardEvents(logger)),
      handle(capturePaymentJob, async ({ paymentId }) => {
        const outcome = await capturePayment(db, payments, paymentId);
        if (outcome.kind === 'refused') throw new UnrecoverableError(`The provider refuses: ${outcome.reason}`);
        if (outcome.kind === 'unknown') throw new Error(`It is not known whether money was taken: ${outcome.reason}`);
      }),
      handle(expireCheckoutsJob, async () => {
        const ended = await expireCheckouts(db);
        if (ended > 0) logger.info({ ended }, 'Checkouts lapsed');
      }),
    ]),
    queues.work(
      sagaQueue,
      [handle(sweepJob, () => sweep(db, queues)), handle(resumePlacementJob, ({ orderId }) => resume(orderId))],
      // They mostly wait for others: where these are slow, many orders must not stand in line while their holds run out.
      { concurrency: 16 },
    ),
  ]);
  const relay = await startRelay({ databaseUrl, queues, routes, logger });
  await queues.schedule(sweepJob, 'sweep', { every: settings.sweepEveryMs }, {});
  await oldRows.schedule(queues);
  await queues.schedule(expireCheckoutsJob, 'expire-checkouts', { every: settings.expireEveryMs }, {});
  return {
    async stop() {
      await relay.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
