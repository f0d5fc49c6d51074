import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { emptyTestDatabase, type TestDatabase, testDatabase } from '../src/index.ts';

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('each test file has a migrated database of its own', async () => {
  const [first, second] = await Promise.all([testDatabase('cart'), testDatabase('cart')]);
  databases.push(first, second);
  const insert = `INSERT INTO cart (id, secret, currency, expires_at) VALUES ('cart_1', 's', 'USD', now())`;
  await query(first.url, insert);
  expect(await query(first.url, 'SELECT id FROM cart')).toEqual([{ id: 'cart_1' }]);
  expect(await query(second.url, 'SELECT id FROM cart')).toEqual([]);
});

test('an empty one is empty, and gone when dropped', async () => {
  const database = await emptyTestDatabase('purpose');
  expect(await query(database.url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  await database.drop();
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
});
