import { newId } from '@mercato/ids';
import { currentTrace, traceHeaders } from '@mercato/telemetry';
import type { z } from 'zod';
import type { EventDefinition } from './event.ts';

/** The part of any domain's Prisma transaction that the outbox needs; the table is the README's. */
export interface OutboxTransaction {
  $executeRaw(query: TemplateStringsArray, ...values: (string | null)[]): PromiseLike<number>;
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
  const trace = currentTrace();
  const requestId = trace?.requestId ?? null;
  // Where nobody records the work there is nothing that the handlers' could be part of.
  const traceparent = trace?.spanId ? (traceHeaders(trace).traceparent ?? null) : null;
  const rows = events.map(({ aggregateId, version, payload }) => ({
    id: newId('event'),
    aggregateId,
    version,
    // Parsed when sent and when received: a payload that breaks the contract is found where it was made.
    payload: schema.parse(payload),
    requestId,
  }));
  // One parameter however many there are: an import tells of thousands.
  await tx.$executeRaw`
    INSERT INTO outbox_event (id, name, aggregate_id, version, payload, request_id, traceparent, occurred_at)
    SELECT r.id, ${name}, r."aggregateId", r.version, r.payload, r."requestId", ${traceparent}::text, clock_timestamp()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (id text, "aggregateId" text, version int, payload jsonb, "requestId" text)`;
}
