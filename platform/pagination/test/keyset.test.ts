import { emptyTestDatabase, type TestDatabase } from '@mercato/testkit';
import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Connection,
  connection,
  type KeysetColumn,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageArguments,
  readPageArguments,
} from '../src/index.ts';

interface Row {
  id: number;
  title: string | null;
  price: string;
  score: number | null;
  at: Date | null;
  active: boolean;
}

const id: KeysetColumn = { expression: sql`t."id"`, direction: 'asc', type: 'int' };
const price: KeysetColumn = { expression: sql`t."price"`, direction: 'asc', type: 'bigint' };
const title: KeysetColumn = { expression: sql`lower(t."title")`, direction: 'asc', type: 'text', nulls: 'last' };
const score: KeysetColumn = { expression: sql`t."score"`, direction: 'asc', type: 'float8', nulls: 'first' };
const at: KeysetColumn = { expression: sql`t."at"`, direction: 'asc', type: 'timestamptz', nulls: 'last' };
const active: KeysetColumn = { expression: sql`t."active"`, direction: 'asc', type: 'boolean' };

const cursorValueOf = new Map<
  KeysetColumn['expression'],
  (row: Row) => string | number | bigint | boolean | Date | null
>([
  [id.expression, (row) => row.id],
  [price.expression, (row) => BigInt(row.price)],
  [title.expression, (row) => row.title?.toLowerCase() ?? null],
  [score.expression, (row) => row.score],
  [at.expression, (row) => row.at],
  [active.expression, (row) => row.active],
]);

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await emptyTestDatabase('pagination');
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    CREATE TABLE things (
      id int PRIMARY KEY, title text, price bigint NOT NULL, score float8, at timestamptz(3), active boolean NOT NULL
    );
    CREATE INDEX things_price_id ON things (price, id);
  `);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const row = fc.record({
  title: fc.option(fc.constantFrom('Kettle', 'kettle', 'Teapot', 'Äpfel', "O'Neil; DROP TABLE things", '')),
  price: fc.constantFrom(-1n, 0n, 4299n, 2n ** 62n).map(String),
  score: fc.option(fc.constantFrom(-1.5, 0, 0.1, 1e300)),
  at: fc.option(fc.constantFrom('2026-10-01T00:00:00.123Z', '2026-10-25T00:30:00.000Z', '1999-12-31T23:59:59.999Z')),
  active: fc.boolean(),
});
const rows = fc.array(row, { maxLength: 25 });

const ordering = fc
  .shuffledSubarray([price, title, score, at, active], { minLength: 0, maxLength: 3 })
  .chain((columns) => fc.tuple(...[...columns, id].map(turned)))
  .map((columns): KeysetSort => ({ name: 'ANY', columns }));

function turned(column: KeysetColumn): fc.Arbitrary<KeysetColumn> {
  const direction = fc.constantFrom('asc' as const, 'desc' as const);
  if (column.nulls === undefined) return direction.map((way) => ({ ...column, direction: way }));
  return fc
    .tuple(direction, fc.constantFrom('first' as const, 'last' as const))
    .map(([way, nulls]) => ({ ...column, direction: way, nulls }));
}

describe('pages of a real table', () => {
  test('walked forward and backward, with any order and page size, hold each row once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(rows, ordering, fc.integer({ min: 1, max: 7 }), async (things, sort, size) => {
        await fill(things);
        const all = await ids(sql`SELECT t.* FROM things t ORDER BY ${forwardOrder(sort)}`);

        expect(await walkForward(sort, size)).toEqual(all);
        expect(await walkBackward(sort, size)).toEqual(all);
      }),
      { numRuns: 60 },
    );
  });

  test('stay right while rows come and go', async () => {
    await fill(Array.from({ length: 10 }, () => ({ title: null, price: '5', score: null, at: null, active: true })));
    const sort: KeysetSort = { name: 'PRICE', columns: [price, id] };
    const first = await fetch(sort, { first: 4 });

    await client.query('DELETE FROM things WHERE id IN (2, 3)');
    await client.query('INSERT INTO things (id, price, active) VALUES (100, 1, true), (101, 9, true)');
    const second = await fetch(sort, { first: 4, after: first.pageInfo.endCursor });

    expect(first.nodes.map((node) => node.id)).toEqual([0, 1, 2, 3]);
    expect(second.nodes.map((node) => node.id)).toEqual([4, 5, 6, 7]);
  });

  test.each<[string, KeysetSort, number]>([
    ['one direction', { name: 'A', columns: [price, id] }, 4990],
    ['mixed directions', { name: 'B', columns: [price, { ...id, direction: 'desc' }] }, 4990],
  ])('with an index skip what lies before the cursor: %s', async (_name, sort, from) => {
    await client.query('TRUNCATE things');
    await client.query('INSERT INTO things (id, price, active) SELECT n, n, true FROM generate_series(1, 5000) n');
    await client.query('ANALYZE things');
    const { text, values } = keysetWhere({ sort, direction: 'forward', cursor: [BigInt(from), from] });

    const plan = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN ANALYZE SELECT * FROM things t WHERE ${text} ORDER BY t.price LIMIT 5`,
      values,
    );
    const lines = plan.rows.map((line) => line['QUERY PLAN']).join('\n');

    expect(lines).toContain('Index Cond');
    expect(Number(/Rows Removed by Filter: (\d+)/.exec(lines)?.[1] ?? 0)).toBeLessThanOrEqual(1);
  });
});

async function fill(things: readonly (Omit<Row, 'id' | 'at'> & { at: string | null })[]): Promise<void> {
  await client.query('TRUNCATE things');
  for (const [index, thing] of things.entries()) {
    await client.query('INSERT INTO things (id, title, price, score, at, active) VALUES ($1, $2, $3, $4, $5, $6)', [
      index,
      thing.title,
      thing.price,
      thing.score,
      thing.at,
      thing.active,
    ]);
  }
}

/** Written apart from the code under test: the database's own order is what pages are held against. */
function forwardOrder(sort: KeysetSort): Sql {
  return join(
    sort.columns.map(({ expression, direction, nulls = 'last' }) => {
      const way = direction === 'asc' ? sql`ASC` : sql`DESC`;
      return nulls === 'first' ? sql`${expression} ${way} NULLS FIRST` : sql`${expression} ${way} NULLS LAST`;
    }),
  );
}

async function ids(query: Sql): Promise<number[]> {
  const { rows: found } = await client.query<Row>(query.text, query.values);
  return found.map((each) => each.id);
}

async function fetch(sort: KeysetSort, args: PageArguments): Promise<Connection<Row>> {
  const page = readPageArguments(args, { sort });
  const query = sql`
    SELECT t.* FROM things t WHERE ${keysetWhere(page)} ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  const { rows: found } = await client.query<Row>(query.text, query.values);
  const values = (each: Row) => sort.columns.map((column) => cursorValueOf.get(column.expression)?.(each) ?? null);
  return connection(found, page, values, async () => found.length);
}

async function walkForward(sort: KeysetSort, first: number): Promise<number[]> {
  const seen: number[] = [];
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo }: Connection<Row> = await fetch(sort, { first, after });
    seen.push(...nodes.map((node) => node.id));
    if (!pageInfo.hasNextPage) return seen;
    after = pageInfo.endCursor;
  }
}

async function walkBackward(sort: KeysetSort, last: number): Promise<number[]> {
  const seen: number[] = [];
  let before: string | null = null;
  for (;;) {
    const { nodes, pageInfo }: Connection<Row> = await fetch(sort, { last, before });
    seen.unshift(...nodes.map((node) => node.id));
    if (!pageInfo.hasPreviousPage) return seen;
    before = pageInfo.startCursor;
  }
}
