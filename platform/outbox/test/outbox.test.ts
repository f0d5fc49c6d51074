import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bundleProgram } from '@mercato/bundle';
import { connectQueues, type Queues } from '@mercato/queue';
import { emptyTestDatabase, type TestDatabase, testLogger } from '@mercato/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  consumeEvents,
  defineEvent,
  deliveryTo,
  on,
  type RunningRelay,
  recordEvent,
  recordEvents,
  startRelay,
} from '../src/index.ts';
import { outboxDatabase, type Transaction } from './database.ts';

const thingMade = defineEvent('thing.made', z.object({ size: z.number().int() }));
const logger = testLogger('outbox');

let databases: TestDatabase[];
let database: Awaited<ReturnType<typeof outboxDatabase>>;
let queues: Queues;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  databases = [await emptyTestDatabase('outbox'), await emptyTestDatabase('queue')];
  database = await outboxDatabase(url(0));
  queues = await connectQueues({ kind: 'postgres', url: url(1) }, { logger });
});
beforeEach(() => database.pool.query('TRUNCATE outbox_event, inbox_event, effect'));
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});
afterAll(async () => {
  await queues.close();
  await database.pool.end();
  for (const each of databases) await each.drop();
});

const url = (index: number): string => databases[index]?.url ?? '';
const relay = async (): Promise<RunningRelay> => {
  const started = await startRelay({
    databaseUrl: url(0),
    queues,
    routes: { 'thing.made': ['listener'] },
    logger,
    leaseSeconds: 1,
  });
  running.push(started);
  return started;
};
const listen = async (apply: (tx: Transaction, eventId: string, size: number) => Promise<void> = async () => {}) => {
  const handler = on<Transaction, typeof thingMade.payload>(thingMade, async (tx, event) => {
    await tx.client.query('INSERT INTO effect VALUES ($1)', [event.id]);
    await apply(tx, event.id, event.payload.size);
  });
  const worker = await queues.work('listener', [consumeEvents('listener', database, [handler])], { concurrency: 4 });
  running.push({ stop: () => worker.close() });
};
const make = (version: number) =>
  database.$transaction((tx) =>
    recordEvent(tx, thingMade, { aggregateId: 'thing_1', version, payload: { size: version } }),
  );
const count = async (sql: string) => Number((await database.pool.query(`SELECT count(*) FROM ${sql}`)).rows[0].count);

describe('an event', () => {
  test('is gone when the change it tells of is rolled back', async () => {
    const failing = database.$transaction(async (tx) => {
      await recordEvent(tx, thingMade, { aggregateId: 'thing_1', version: 1, payload: { size: 1 } });
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect(await count('outbox_event')).toBe(0);
  });

  test('that breaks its contract is refused where it is made', async () => {
    const wrong = database.$transaction((tx) =>
      recordEvent(tx, thingMade, { aggregateId: 'thing_1', version: 1, payload: { size: 1.5 } }),
    );
    await expect(wrong).rejects.toThrow();
  });

  test('reaches its listener once, however often it is delivered', async () => {
    await Promise.all([relay(), relay(), relay()]);
    await listen();
    await database.$transaction((tx) =>
      recordEvents(
        tx,
        thingMade,
        Array.from({ length: 50 }, (_, n) => ({ aggregateId: `thing_${n}`, version: 1, payload: { size: n } })),
      ),
    );
    await expect.poll(() => count('effect'), { timeout: 15_000 }).toBe(50);
    // As if the marks of all relays had been lost: everything is sent again.
    await database.pool.query('UPDATE outbox_event SET published_at = NULL, claimed_until = NULL');
    await make(99);
    await expect.poll(() => count('effect'), { timeout: 15_000 }).toBe(51);
    await expect.poll(() => count('outbox_event WHERE published_at IS NULL')).toBe(0);
    expect(await count('effect')).toBe(51);
  });

  test('whose listener fails is tried again, and leaves no half of its effect', async () => {
    let failures = 2;
    await relay();
    await listen(async () => {
      if (failures-- > 0) throw new Error('not now');
    });
    await make(1);
    await expect.poll(() => count('effect'), { timeout: 20_000 }).toBe(1);
    expect(failures).toBe(-1);
  });

  test('older than the inbox remembers is refused and seen; one that is nearly so is applied', async () => {
    await listen();
    const sent = (id: string, days: number) => {
      const occurredAt = new Date(Date.now() - days * 24 * 60 * 60_000).toISOString();
      const event = {
        id,
        name: 'thing.made',
        aggregateId: 'thing_1',
        version: 1,
        requestId: null,
        payload: { size: 1 },
      };
      return queues.add(deliveryTo('listener'), { ...event, occurredAt });
    };
    await sent('event_ancient', 89.5);
    await sent('event_old', 88.5);
    await expect.poll(() => count('effect'), { timeout: 15_000 }).toBe(1);
    await expect.poll(() => queues.failed('listener'), { timeout: 15_000 }).toHaveLength(1);
    expect((await queues.failed('listener'))[0]?.reason).toContain('event_ancient (thing.made)');
    expect((await database.pool.query('SELECT event_id FROM effect')).rows).toEqual([{ event_id: 'event_old' }]);
  });

  test('survives a relay that is killed at any moment', async () => {
    await listen();
    const args = [url(0), url(1)];
    const program = await bundleProgram('platform/outbox/test/relay-process.ts');
    for (let round = 0; round < 4; round += 1) {
      const child = fork(program, args);
      await once(child, 'message');
      await Promise.all(Array.from({ length: 25 }, (_, n) => make(round * 25 + n + 1)));
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await relay();
    await expect.poll(() => count('effect'), { timeout: 20_000 }).toBe(100);
    expect(await count('(SELECT DISTINCT event_id FROM effect) distinct_effect')).toBe(100);
  });
});
