import { newId } from '@mercato/ids';
import { currentTrace } from '@mercato/telemetry';
import type { z } from 'zod';
import type { EventDefinition } from './event.ts';

interface OutboxRow {
  id: string;
  name: string;
  aggregateId: string;
  version: number;
  payload: object;
  requestId: string | null;
}

/** The part of any domain's Prisma transaction that the outbox needs: a model `OutboxEvent` (see the README). */
export interface OutboxTransaction {
  outboxEvent: { createMany(args: { data: OutboxRow[] }): Promise<unknown> };
}

export interface NewEvent<Payload> {
  readonly aggregateId: string;
  readonly version: number;
  readonly payload: Payload;
}

/** Saves an event in the transaction of the change it tells of: both happen or neither. */
export const recordEvent = <P extends z.ZodType>(
  tx: OutboxTransaction,
  definition: EventDefinition<string, P>,
  event: NewEvent<z.input<P>>,
): Promise<void> => recordEvents(tx, definition, [event]);

/** Many events of one kind in one statement. */
export async function recordEvents<P extends z.ZodType>(
  tx: OutboxTransaction,
  { name, payload: schema }: EventDefinition<string, P>,
  events: readonly NewEvent<z.input<P>>[],
): Promise<void> {
  if (events.length === 0) return;
  const requestId = currentTrace()?.requestId ?? null;
  await tx.outboxEvent.createMany({
    data: events.map(({ aggregateId, version, payload }) => ({
      id: newId('event'),
      name,
      aggregateId,
      version,
      // Parsed when sent and when received: a payload that breaks the contract is found where it was made.
      payload: JSON.parse(JSON.stringify(schema.parse(payload))) as object,
      requestId,
    })),
  });
}
