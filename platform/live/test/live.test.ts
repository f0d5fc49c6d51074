import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyTestDatabase, type TestDatabase, testLogger } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LiveFeed, readAgain } from '../src/index.ts';

let database: TestDatabase;
let pool: pg.Pool;
let feed: LiveFeed;
beforeAll(async () => {
  database = await emptyTestDatabase('live');
  pool = new pg.Pool({ connectionString: database.url, max: 10 });
  await pool.query(readFileSync(join(import.meta.dirname, 'live.sql'), 'utf8'));
  feed = new LiveFeed({ databaseUrl: database.url, logger: testLogger('live') });
});
afterAll(async () => {
  await feed.close();
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('TRUNCATE thing');
});

interface State {
  id: string;
  state: number;
}

const make = (...ids: string[]) => pool.query('INSERT INTO thing (id) SELECT unnest($1::text[])', [ids]);
const change = (id: string, by: pg.Pool | pg.PoolClient = pool) =>
  by.query('UPDATE thing SET state = state + 1 WHERE id = $1', [id]);

const namesOf = (ids: readonly string[]) => ids.map((id) => `thing:${id}`);

let looks = 0;
const follow = (...ids: string[]) =>
  readAgain<State>(feed, namesOf(ids), async (changed) => {
    looks += 1;
    const wanted = [...changed].map((name) => name.slice('thing:'.length));
    const { rows } = await pool.query<State>('SELECT id, state FROM thing WHERE id = ANY($1) ORDER BY id', [wanted]);
    return { events: rows };
  });

/** The listening connections of this database. */
const listeners = async (): Promise<number[]> =>
  (
    await pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'live-listener' AND datname = current_database()`,
    )
  ).rows.map(({ pid }) => pid);

describe('what is followed', () => {
  test('is told at once, and again after each change', async () => {
    await make('a');
    const states = await follow('a');
    expect(await states.next()).toEqual({ value: { id: 'a', state: 0 }, done: false });
    const next = states.next();
    await change('a');
    expect((await next).value).toEqual({ id: 'a', state: 1 });
    await states.return?.();
  });

  test('is told when it is certain, and not when it was taken back', async () => {
    await make('a');
    const states = await follow('a');
    await states.next();
    const next = states.next();
    const client = await pool.connect();
    await client.query('BEGIN');
    await change('a', client);
    await client.query('ROLLBACK');
    await client.query('BEGIN');
    await change('a', client);
    await change('a', client);
    await client.query('COMMIT');
    client.release();
    expect((await next).value).toEqual({ id: 'a', state: 2 });
    await states.return?.();
  });

  test('is looked at once, however much happened since the last look', async () => {
    await make('a', 'b', 'c');
    const states = await follow('a', 'b', 'c');
    for (let seen = 0; seen < 3; seen += 1) await states.next();
    const before = looks;
    for (let round = 0; round < 50; round += 1) {
      await change('a');
      await change('b');
    }
    const last = new Map<string, number>();
    while (last.get('a') !== 50 || last.get('b') !== 50) {
      const { value } = await states.next();
      if (value) last.set(value.id, value.state);
    }
    expect(looks - before).toBeLessThan(10);
    await states.return?.();
  });

  test('is not disturbed by what others follow', async () => {
    await make('a', 'b');
    const states = await follow('a');
    await states.next();
    const before = looks;
    const other = await follow('b');
    await other.next();
    const next = other.next();
    await change('b');
    await next;
    expect(looks - before).toBe(2);
    await Promise.all([states.return?.(), other.return?.()]);
  });
});

test('ends at once, also while it waits, and leaves nothing behind', async () => {
  await make('a');
  const states = await follow('a');
  await states.next();
  const waiting = states.next();
  expect(feed.followers).toBe(1);
  await states.return?.();
  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(feed.followers).toBe(0);
});

test('a look that fails ends it', async () => {
  const states = await readAgain(feed, ['thing:a'], () => Promise.reject(new Error('No.')));
  await expect(states.next()).rejects.toThrow('No.');
  expect(await states.next()).toEqual({ value: undefined, done: true });
  expect(feed.followers).toBe(0);
});

test('a name that joins is looked at, as what happened to it before was not heard', async () => {
  await make('a', 'b');
  const seen: string[][] = [];
  const states = await readAgain(feed, ['thing:a'], async (changed) => {
    seen.push([...changed]);
    return { events: [{ look: seen.length }], names: ['thing:a', 'thing:b'] };
  });
  await states.next();
  await states.next();
  expect(seen).toEqual([['thing:a'], ['thing:b']]);
  const next = states.next();
  await change('b');
  await next;
  expect(seen[2]).toEqual(['thing:b']);
  await states.return?.();
});

test('what changes by itself is looked at when it is time', async () => {
  const states = await readAgain(feed, ['thing:a'], async (changed) => ({
    events: [{ changed: changed.size }],
    until: new Date(),
  }));
  expect((await states.next()).value).toEqual({ changed: 1 });
  expect((await states.next()).value).toEqual({ changed: 0 });
  await states.return?.();
});

test('a thousand followers share one connection, and each hears of its own change', async () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `thing ${index}`);
  await make(...ids);
  const all = await Promise.all(ids.map((id) => follow(id)));
  await Promise.all(all.map((states) => states.next()));
  expect(await listeners()).toHaveLength(1);
  const next = Promise.all(all.map((states) => states.next()));
  await pool.query('UPDATE thing SET state = 7');
  expect((await next).map(({ value }) => value)).toEqual(ids.map((id) => ({ id, state: 7 })));
  await Promise.all(all.map((states) => states.return?.()));
  expect(feed.followers).toBe(0);
});

test('a lost connection is made anew, and what happened meanwhile is seen', async () => {
  await make('a', 'b');
  const states = await follow('a', 'b');
  await states.next();
  await states.next();
  const next = states.next();
  const [pid] = await listeners();
  await pool.query('SELECT pg_terminate_backend($1)', [pid]);
  await expect.poll(listeners).not.toContain(pid);
  // Nobody listens now.
  await change('a');
  expect((await next).value).toEqual({ id: 'a', state: 1 });
  expect((await states.next()).value).toEqual({ id: 'b', state: 0 });
  const later = states.next();
  await change('b');
  expect((await later).value).toEqual({ id: 'b', state: 1 });
  await states.return?.();
});

test('a database that cannot be listened to is told of', async () => {
  const broken = new LiveFeed({ databaseUrl: 'postgres://127.0.0.1:1/none', logger: testLogger('live') });
  await expect(broken.watch(['thing:a'])).rejects.toThrow('listened to');
  await broken.close();
}, 15_000);

test('closing ends all who follow', async () => {
  await make('a');
  const own = new LiveFeed({ databaseUrl: database.url, logger: testLogger('live') });
  const watch = await own.watch(['thing:a']);
  await watch.changes();
  const waiting = watch.changes();
  await own.close();
  expect(await waiting).toBeNull();
  await expect(own.watch(['thing:a'])).rejects.toThrow('closed');
});
