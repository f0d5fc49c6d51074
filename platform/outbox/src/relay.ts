import type { Queues } from '@mercato/queue';
import { type Logger, traceFromHeaders } from '@mercato/telemetry';
import { measureOutbox, type OutboxBacklog } from '@mercato/telemetry/metrics';
import pg from 'pg';
import type { z } from 'zod';
import { changesOf, encodeChanges, entityChangesTopic } from './changes.ts';
import { deliveryTo, type envelope } from './delivery.ts';
import type { EventDefinition, EventRoutes } from './event.ts';

export interface RelayOptions {
  /** The domain's own database. */
  readonly databaseUrl: string;
  readonly queues: Queues;
  readonly routes: EventRoutes;
  readonly logger: Logger;
  /** Whose answers the events make others, which whoever keeps them is told at once; nobody is told without. */
  readonly changes?: { readonly subgraph: string; readonly events: readonly EventDefinition[] };
  /** Rows taken at a time. */
  readonly batchSize?: number;
  /** Milliseconds between looks when no notification comes. */
  readonly pollMs?: number;
  /** Seconds after which another relay takes over rows that a dead one claimed. */
  readonly leaseSeconds?: number;
}

export interface RunningRelay {
  stop(): Promise<void>;
}

type Envelope = z.input<typeof envelope>;
type Row = Omit<Envelope, 'occurredAt'> & { readonly occurredAt: Date; readonly traceparent: string | null };

// The claim is a lease in a statement of its own, so that no transaction stays open while the queue is called.
const claim = `
  UPDATE outbox_event SET claimed_until = now() + make_interval(secs => $2)
  WHERE id IN (
    SELECT id FROM outbox_event
    WHERE published_at IS NULL AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY occurred_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING id, name, aggregate_id AS "aggregateId", version, occurred_at AS "occurredAt", request_id AS "requestId", traceparent, payload`;

/**
 * Carries saved events to the queues of the domains that hear of them: at least once, several relays side by side.
 * A relay that dies between sending and marking sends again after the lease; the job id and the consumers' inboxes
 * make that harmless.
 */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { databaseUrl, logger, pollMs = 1_000 } = options;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: 'outbox-relay' });
  pool.on('error', (error) => logger.warn({ err: error }, 'The relay lost an idle connection'));
  let stopped = false;
  let wake: () => void = () => {};
  const listener = listen(databaseUrl, () => wake(), logger);
  const unmeasure = measureOutbox(databaseUrl, () => backlogOf(pool));

  const loop = (async () => {
    while (!stopped) {
      const notified = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const sent = await sendBatch(pool, options).catch((error: unknown) => {
        logger.warn({ err: error }, 'Events could not be carried on; trying again');
        return 0;
      });
      if (sent > 0) continue;
      const timer = setTimeout(wake, pollMs);
      await notified;
      clearTimeout(timer);
    }
  })();

  return {
    async stop() {
      stopped = true;
      unmeasure();
      wake();
      await loop;
      await listener.stop();
      await pool.end();
    },
  };
}

const waiting = `
  SELECT count(*)::int AS events, coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float AS "oldestSeconds"
  FROM outbox_event WHERE published_at IS NULL`;

async function backlogOf(pool: pg.Pool): Promise<OutboxBacklog> {
  const { rows } = await pool.query<OutboxBacklog>(waiting);
  return rows[0] ?? { events: 0, oldestSeconds: 0 };
}

async function sendBatch(pool: pg.Pool, options: RelayOptions): Promise<number> {
  const { queues, routes, batchSize = 100, leaseSeconds = 15 } = options;
  const { rows } = await pool.query<Row>(claim, [batchSize, leaseSeconds]);
  if (rows.length === 0) return 0;
  await tellChanges(rows, options);
  const deliveries = rows.flatMap(({ traceparent, ...row }) => {
    const event: Envelope = { ...row, occurredAt: row.occurredAt.toISOString() };
    // The handlers' work belongs to the trace of the change.
    const trace = traceFromHeaders({
      'x-request-id': row.requestId ?? undefined,
      traceparent: traceparent ?? undefined,
    });
    return (routes[row.name] ?? []).map((domain) => ({
      job: deliveryTo(domain),
      payload: event,
      options: { id: row.id, trace },
    }));
  });
  if (deliveries.length > 0) await queues.addMany(deliveries);
  await pool.query('UPDATE outbox_event SET published_at = now() WHERE id = ANY($1)', [rows.map(({ id }) => id)]);
  return rows.length;
}

/** Before the consumers hear of it: what is kept of the domain's answers is old from now on. */
async function tellChanges(
  rows: readonly Pick<Envelope, 'name' | 'payload'>[],
  { queues, changes }: RelayOptions,
): Promise<void> {
  if (!changes) return;
  const messages = encodeChanges(changes.subgraph, changesOf(rows, changes.events));
  for (const message of messages) await queues.broadcast(entityChangesTopic, message);
}

/** Hears the trigger on `outbox_event`, and connects again when the connection is lost; polling covers the gap. */
function listen(databaseUrl: string, onNotify: () => void, logger: Logger) {
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const connect = async () => {
    if (stopped) return;
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'outbox-listener',
      keepAlive: true,
    });
    client = fresh;
    const again = () => {
      if (stopped || client !== fresh) return;
      client = undefined;
      retry = setTimeout(connect, 1_000);
    };
    fresh.on('notification', onNotify);
    fresh.on('error', (error) => logger.debug({ err: error }, 'The relay no longer hears of new events; it polls'));
    fresh.on('end', again);
    try {
      await fresh.connect();
      await fresh.query('LISTEN outbox_event');
    } catch (error) {
      logger.debug({ err: error }, 'The relay cannot hear of new events yet; it polls');
      again();
    }
  };
  const first = connect();

  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await first;
      await client?.end();
    },
  };
}
