import { newId } from '@mercato/ids';
import { deliveryTo, type EventDefinition } from '@mercato/outbox';
import type { Queues } from '@mercato/queue';
import type { z } from 'zod';

/** Tells a domain of an event as another domain's relay would. A repeat of `id` is a second delivery of the same event. */
export async function deliver<P extends z.ZodType>(
  queues: Queues,
  domain: string,
  definition: EventDefinition<string, P>,
  event: { aggregateId: string; version: number; payload: z.input<P>; id?: string },
): Promise<string> {
  const id = event.id ?? newId('event');
  await queues.add(
    deliveryTo(domain),
    {
      id,
      name: definition.name,
      aggregateId: event.aggregateId,
      version: event.version,
      occurredAt: new Date().toISOString(),
      requestId: null,
      payload: event.payload,
    },
    // A job of its own for each delivery: it is the inbox that must know the event.
    { id: newId('delivery') },
  );
  return id;
}
