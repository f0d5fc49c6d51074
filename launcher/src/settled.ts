import { setTimeout as wait } from 'node:timers/promises';
import { connectQueues, type Queues } from '@mercato/queue';
import { queueNames } from '@mercato/schema';
import type { Logger } from '@mercato/telemetry';
import pg from 'pg';
import type { Foundation } from './foundation.ts';

const pollMs = 100;

/**
 * Waits until every saved event has been carried and every job that could run has: copies that are fed by events
 * then know what their owners know.
 * @returns false when patience ended before
 */
export async function untilSettled(
  { databaseUrls, queueConnection }: Pick<Foundation, 'databaseUrls' | 'queueConnection'>,
  { logger, patienceMs, signal }: { logger: Logger; patienceMs: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const queues = await connectQueues(queueConnection, { logger });
  const databases = Object.values(databaseUrls).map(
    (connectionString) => new pg.Pool({ connectionString, max: 1, application_name: 'mercato-launcher' }),
  );
  try {
    const outboxes = await withOutbox(databases);
    const deadline = performance.now() + patienceMs;
    // Between the two looks an event may move from an outbox to a queue, but not back.
    while ((await uncarried(outboxes)) + (await unfinished(queues)) > 0) {
      signal?.throwIfAborted();
      if (performance.now() > deadline) return false;
      await wait(pollMs);
    }
    return true;
  } finally {
    await Promise.all(databases.map((pool) => pool.end()));
    await queues.close();
  }
}

/** A domain that publishes nothing has none. */
async function withOutbox(databases: readonly pg.Pool[]): Promise<pg.Pool[]> {
  const found = await Promise.all(
    databases.map((pool) => pool.query<{ table: string | null }>("SELECT to_regclass('outbox_event')::text AS table")),
  );
  return databases.filter((_, index) => found[index]?.rows[0]?.table);
}

async function uncarried(outboxes: readonly pg.Pool[]): Promise<number> {
  const counts = await Promise.all(
    outboxes.map((pool) =>
      pool.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox_event WHERE published_at IS NULL'),
    ),
  );
  return sum(counts.map(({ rows }) => rows[0]?.count ?? 0));
}

/** Jobs that run or wait to, and events that wait for another try; other delayed jobs are schedules. */
async function unfinished(queues: Queues): Promise<number> {
  const counts = await Promise.all(
    queues.bullQueues(queueNames).map(async (queue) => {
      const delayed = await queue.getDelayed();
      const events = delayed.filter(({ name }) => name === 'event').length;
      return events + (await queue.getJobCountByTypes('waiting', 'prioritized', 'active'));
    }),
  );
  return sum(counts);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
