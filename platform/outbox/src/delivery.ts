import { defineJob } from '@mercato/queue';
import { z } from 'zod';

/** How an event travels: as a job `event` on the queue of the domain that hears of it. */
export const deliveryTo = (domain: string) => defineJob({ queue: domain, name: 'event', payload: envelope });

export const envelope = z.object({
  id: z.string(),
  name: z.string(),
  aggregateId: z.string(),
  version: z.number().int(),
  occurredAt: z.iso.datetime(),
  requestId: z.string().nullable(),
  payload: z.unknown(),
});
