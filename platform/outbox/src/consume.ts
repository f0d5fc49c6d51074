import { handle, type JobHandler, UnrecoverableError } from '@mercato/queue';
import type { z } from 'zod';
import { deliveryTo } from './delivery.ts';
import type { DomainEvent, EventDefinition } from './event.ts';
import { oldestAppliedInDays } from './retention.ts';

/** The part of any domain's Prisma transaction that the inbox needs: a model `InboxEvent` (see the README). */
export interface InboxTransaction {
  inboxEvent: { createMany(args: { data: { eventId: string }[]; skipDuplicates: true }): Promise<{ count: number }> };
}

interface InboxDatabase<Tx extends InboxTransaction> {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { timeout?: number; maxWait?: number },
  ): Promise<Result>;
}

export interface EventHandler<Tx> {
  readonly name: string;
  apply(tx: Tx, event: DomainEvent): Promise<void>;
}

/** What to do, within the inbox's transaction, when an event of this kind arrives. */
export const on = <Tx, P extends z.ZodType>(
  definition: EventDefinition<string, P>,
  apply: (tx: Tx, event: DomainEvent<z.output<P>>) => Promise<void>,
): EventHandler<Tx> => ({
  name: definition.name,
  apply: (tx, event) => apply(tx, { ...event, payload: definition.payload.parse(event.payload) }),
});

/**
 * The job handler that receives a domain's events: each is applied exactly once, as the inbox row and the effect are
 * one transaction. An event nobody here waits for is a wrong route and fails visibly, as does one that is older than the
 * inbox remembers.
 */
export function consumeEvents<Tx extends InboxTransaction>(
  domain: string,
  database: InboxDatabase<Tx>,
  handlers: readonly EventHandler<Tx>[],
): JobHandler {
  const byName = new Map(handlers.map((handler) => [handler.name, handler]));
  return handle(deliveryTo(domain), async ({ occurredAt, ...event }) => {
    const handler = byName.get(event.name);
    if (!handler) throw new Error(`${domain} has no handler for ${event.name}; is the route to it a mistake?`);
    if (Date.now() - Date.parse(occurredAt) > oldestAppliedInDays * dayMs) throw new UnrecoverableError(tooOld(event));
    await database.$transaction(
      async (tx) => {
        const { count } = await tx.inboxEvent.createMany({ data: [{ eventId: event.id }], skipDuplicates: true });
        if (count === 0) return;
        await handler.apply(tx, { ...event, occurredAt: new Date(occurredAt) });
      },
      // In a burst events wait for the pool's connections, which is no failure.
      { maxWait: 15_000, timeout: 20_000 },
    );
  });
}

const dayMs = 24 * 60 * 60_000;

const tooOld = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  `The event ${id} (${name}) is more than ${oldestAppliedInDays} days old, and whether it was applied is no longer known. See to what it tells of by hand.`;
