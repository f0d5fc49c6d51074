import { emptyTestDatabase, type TestDatabase } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf, type IdempotencyTransaction, once } from '../src/index.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await emptyTestDatabase('idempotency');
  pool = new pg.Pool({ connectionString: database.url, max: 20 });
  await pool.query(`CREATE TABLE idempotency_record (scope text, key text, input_hash text NOT NULL, result jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (scope, key)); CREATE TABLE work (n int)`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function transaction<Result>(run: (tx: IdempotencyTransaction, client: pg.PoolClient) => Promise<Result>) {
  const client = await pool.connect();
  const tx: IdempotencyTransaction = {
    async $queryRaw<Rows>(query: TemplateStringsArray, ...values: unknown[]) {
      const text = query.reduce((sql, part, index) => `${sql}$${index}${part}`);
      return (await client.query(text, values)).rows as Rows;
    },
  };
  try {
    await client.query('BEGIN');
    const result = await run(tx, client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const call = (key: string, input: unknown, scope = 'test') =>
  transaction((tx, client) =>
    once(tx, { scope, key, input }, async () => {
      const { rows } = await client.query('INSERT INTO work SELECT count(*) + 1 FROM work RETURNING n');
      return { n: rows[0].n as number };
    }),
  );

test('twenty calls with one key do the work once and all get its result', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => call('race', { a: 1 })));
  expect(outcomes.filter(({ kind }) => kind === 'first')).toHaveLength(1);
  expect(new Set(outcomes.map((outcome) => (outcome.kind === 'key-reused' ? null : outcome.result.n))).size).toBe(1);
});

test('the same key with another input is told apart; another scope is another key', async () => {
  await call('reuse', { a: 1 });
  expect((await call('reuse', { a: 2 })).kind).toBe('key-reused');
  expect((await call('reuse', { a: 2 }, 'another')).kind).toBe('first');
});

test('work that throws leaves the key free', async () => {
  const failing = transaction((tx) =>
    once(tx, { scope: 'test', key: 'throws', input: 1 }, async () => {
      throw new Error('no');
    }),
  );
  await expect(failing).rejects.toThrow('no');
  expect((await call('throws', 1)).kind).toBe('first');
});

test('a result that is not final leaves the key free, too', async () => {
  const refuse = () =>
    transaction((tx) =>
      once(
        tx,
        { scope: 'test', key: 'passing', input: 1 },
        async () => 'refused',
        () => false,
      ),
    );
  expect((await refuse()).kind).toBe('first');
  expect((await refuse()).kind).toBe('first');
});

test('a key whose answer is removed just when it is asked for is free', async () => {
  await call('past', { a: 1 });
  let removals = 0;
  const outcome = await transaction((tx, client) => {
    const watched: IdempotencyTransaction = {
      async $queryRaw<Rows>(query: TemplateStringsArray, ...values: unknown[]) {
        if (query.join('').includes('SELECT') && removals++ === 0)
          await pool.query(`DELETE FROM idempotency_record WHERE key = 'past'`);
        return tx.$queryRaw<Rows>(query, ...values);
      },
    };
    return once(watched, { scope: 'test', key: 'past', input: { a: 1 } }, async () => {
      const { rows } = await client.query('SELECT 7 AS n');
      return rows[0].n as number;
    });
  });
  expect([removals, outcome]).toEqual([1, { kind: 'first', result: 7 }]);
});

test.each<[string, unknown, unknown, boolean]>([
  ['the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
  ['undefined and absent', { a: 1, b: undefined }, { a: 1 }, true],
  ['the order of a list', { lines: [1, 2] }, { lines: [2, 1] }, false],
  ['bigint and number', { a: 1n }, { a: 1 }, false],
])('%s: the same input or not', (_what, left, right, same) => {
  expect(hashOf(left) === hashOf(right)).toBe(same);
});
