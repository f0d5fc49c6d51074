import { rememberedAnswers } from '@mercato/idempotency';
import { publishedEvents, receivedEvents } from '@mercato/outbox';
import { connectQueues, type Queues } from '@mercato/queue';
import { emptyTestDatabase, type TestDatabase, testDatabase, testLogger } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { retention } from '../src/index.ts';

let databases: TestDatabase[];
let pool: pg.Pool;
let queues: Queues;

beforeAll(async () => {
  // A real domain's tables, with the indexes that its migrations make.
  databases = [await testDatabase('shipping'), await emptyTestDatabase('queue')];
  pool = new pg.Pool({ connectionString: databases[0]?.url, max: 4 });
  queues = await connectQueues({ kind: 'postgres', url: databases[1]?.url ?? '' }, { logger: testLogger('retention') });
});
beforeEach(() => pool.query('TRUNCATE outbox_event, inbox_event, idempotency_record'));
afterAll(async () => {
  await queues.close();
  await pool.end();
  for (const each of databases) await each.drop();
});

const textOf = (query: TemplateStringsArray) => query.reduce((sql, part, place) => `${sql}$${place}${part}`);
const statements: number[] = [];
const db = {
  async $executeRaw(query: TemplateStringsArray, ...values: number[]): Promise<number> {
    const gone = (await pool.query(textOf(query), values)).rowCount ?? 0;
    statements.push(gone);
    return gone;
  },
};
const retained = [publishedEvents, receivedEvents, rememberedAnswers];

const outboxRow = (id: string, occurred: string, published: string | null) =>
  pool.query(
    `INSERT INTO outbox_event (id, name, aggregate_id, version, payload, occurred_at, claimed_until, published_at)
     VALUES ($1, 'thing.made', 'thing_1', 1, '{}', now() - $2::interval, now() - $2::interval, now() - $3::interval)`,
    [id, occurred, published],
  );
const inboxRow = (id: string, received: string) =>
  pool.query('INSERT INTO inbox_event VALUES ($1, now() - $2::interval)', [id, received]);
const answerRow = (key: string, created: string) =>
  pool.query(`INSERT INTO idempotency_record VALUES ('test', $1, 'hash', '{"done": true}', now() - $2::interval)`, [
    key,
    created,
  ]);
const left = async () => {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM outbox_event UNION ALL SELECT event_id FROM inbox_event UNION ALL SELECT key FROM idempotency_record
     ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
};

test('what is past its time goes; what is younger, or was never carried, stays', async () => {
  await outboxRow('published, old', '31 days', '31 days');
  await outboxRow('published late', '200 days', '29 days');
  await outboxRow('never published', '400 days', null);
  await inboxRow('received, old', '91 days');
  await inboxRow('received', '89 days');
  await answerRow('answered, old', '31 days');
  await answerRow('answered', '29 days');
  for (const { drop } of retained) expect(await drop(db, 100)).toBe(1);
  for (const { drop } of retained) expect(await drop(db, 100)).toBe(0);
  expect(await left()).toEqual(['answered', 'never published', 'published late', 'received']);
});

test('the scheduled job works through any number in small statements, beside another that does the same', async () => {
  await pool.query(
    `INSERT INTO inbox_event SELECT 'event_' || n, now() - interval '91 days' FROM generate_series(1, 4500) n`,
  );
  await inboxRow('event_young', '1 day');
  await answerRow('answered, old', '31 days');
  statements.length = 0;
  const [one, other] = [retention('domain', db, retained), retention('another-domain', db, retained)];
  const workers = [await queues.work('domain', [one.handler]), await queues.work('another-domain', [other.handler])];
  await Promise.all([one.schedule(queues), other.schedule(queues)]);
  await expect.poll(left, { timeout: 15_000 }).toEqual(['event_young']);
  expect(Math.max(...statements)).toBeLessThanOrEqual(1_000);
  // A start beside a schedule that stands changes nothing.
  await one.schedule(queues);
  expect(await queues.bullQueues(['domain'])[0]?.getJobSchedulersCount()).toBe(1);
  await Promise.all(workers.map((worker) => worker.close()));
});

test('a row that someone is about to remove is passed over, not waited for', async () => {
  await answerRow('a', '32 days');
  await answerRow('b', '31 days');
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query(`SELECT FROM idempotency_record WHERE key = 'a' FOR UPDATE`);
  expect(await rememberedAnswers.drop(db, 100)).toBe(1);
  await holder.query('ROLLBACK');
  holder.release();
  expect(await left()).toEqual(['a']);
});

test('an index leads to the oldest, however many there are', async () => {
  await pool.query(`
    INSERT INTO inbox_event SELECT 'event_' || n, now() FROM generate_series(1, 3000) n;
    INSERT INTO idempotency_record SELECT 'test', 'key_' || n, 'hash' FROM generate_series(1, 3000) n;
    INSERT INTO outbox_event (id, name, aggregate_id, version, payload, published_at)
      SELECT 'event_' || n, 'thing.made', 'thing_1', 1, '{}', now() FROM generate_series(1, 3000) n;
    ANALYZE inbox_event, idempotency_record, outbox_event`);
  const plan = async ({ drop }: (typeof retained)[number]) => {
    let told = '';
    await drop(
      {
        async $executeRaw(query: TemplateStringsArray, ...values: number[]) {
          const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${textOf(query)}`, values);
          told = rows.map((row) => row['QUERY PLAN']).join('\n');
          return 0;
        },
      },
      1_000,
    );
    return told;
  };
  expect(await plan(publishedEvents)).toContain('outbox_event_published');
  expect(await plan(receivedEvents)).toContain('inbox_event_received_at_idx');
  expect(await plan(rememberedAnswers)).toContain('idempotency_record_created_at_idx');
  for (const each of retained) expect(await plan(each)).not.toContain('Seq Scan');
});
