import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { InboxTransaction } from '../src/consume.ts';
import type { OutboxTransaction } from '../src/index.ts';

export type Transaction = OutboxTransaction & InboxTransaction & { readonly client: pg.PoolClient };

/** The two tables in a database without a domain, with transactions of the shape that Prisma's clients have. */
export async function outboxDatabase(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(readFileSync(join(import.meta.dirname, 'outbox.sql'), 'utf8'));
  return {
    pool,
    async $transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(transactionOf(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

const transactionOf = (client: pg.PoolClient): Transaction => ({
  client,
  $executeRaw: async (query, ...values) => {
    const text = query.reduce((before, part, place) => `${before}$${place}${part}`);
    return (await client.query(text, values)).rowCount ?? 0;
  },
  inboxEvent: {
    createMany: async ({ data }) => {
      const ids = data.map(({ eventId }) => eventId);
      const sql = 'INSERT INTO inbox_event (event_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING';
      return { count: (await client.query(sql, [ids])).rowCount ?? 0 };
    },
  },
});
