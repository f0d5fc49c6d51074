import { defineJob } from '@mercato/queue';
import { z } from 'zod';

/** Domain events and everyday chores. */
export const checkoutQueue = 'checkout';
/** Placements to resume: on a queue of their own, so that no backlog of events delays an order. */
export const sagaQueue = 'checkout-saga';

const nothing = z.object({});

/** Ends checkouts past their time. */
export const expireCheckoutsJob = defineJob({ queue: checkoutQueue, name: 'expire-checkouts', payload: nothing });

/** Looks for placements that nobody drives, and for money that is due. */
export const sweepJob = defineJob({ queue: sagaQueue, name: 'sweep', payload: nothing, attempts: 1 });

/** Drives a placement on. It is asked for again at each sweep as long as it has not ended. */
export const resumePlacementJob = defineJob({
  queue: sagaQueue,
  name: 'resume-placement',
  payload: z.object({ orderId: z.string() }),
  attempts: 1,
});

/** Takes the money of a payment. 1, 2, 4 … s between tries: it outlasts a night without the provider. */
export const capturePaymentJob = defineJob({
  queue: checkoutQueue,
  name: 'capture-payment',
  payload: z.object({ paymentId: z.string() }),
  attempts: 16,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.25 },
});
