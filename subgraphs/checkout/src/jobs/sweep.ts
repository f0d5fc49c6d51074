import type { Queues } from '@mercato/queue';
import type { CheckoutDatabase } from '../domain/database.ts';
import { claimDueCaptures } from '../domain/order/capture.ts';
import { duePlacements } from '../domain/placement/placement.ts';
import { capturePaymentJob, resumePlacementJob } from './definitions.ts';

const batch = 200;
const askAgainMs = 10_000;

/** Adds a job for each placement and payment whose time has come; one that is queued already is not added again. */
export async function sweep(db: CheckoutDatabase, queues: Queues): Promise<void> {
  const [placements, captures] = await Promise.all([duePlacements(db, batch), claimDueCaptures(db, batch)]);
  // Each turn of a placement is a job of its own, asked for anew after a while should it have failed before it began;
  // a payment's one job has many tries, and is seen when they fail.
  const period = Math.floor(Date.now() / askAgainMs);
  const resumes = placements.map(({ orderId, turn }) => ({
    job: resumePlacementJob,
    payload: { orderId },
    options: { id: `${orderId}-${turn}-${period}` },
  }));
  const takes = captures.map(({ id }) => ({
    job: capturePaymentJob,
    payload: { paymentId: id },
    options: { id: `capture-${id}` },
  }));
  if (resumes.length > 0) await queues.addMany(resumes);
  if (takes.length > 0) await queues.addMany(takes);
}
