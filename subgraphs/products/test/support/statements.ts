import type { Shop } from './shop.ts';

/** How many SQL statements some work cost in this database, transactions' own frame not counted. */
export async function statements(shop: Shop, work: () => Promise<unknown>): Promise<number> {
  await shop.sql('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const count = async () => {
    const [row] = await shop.sql<{ calls: number }>(
      `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND query !~* '^(BEGIN|COMMIT|ROLLBACK|DEALLOCATE)' AND query NOT LIKE '%pg_stat_statements%'`,
    );
    return row?.calls ?? 0;
  };
  // From nothing, for this database only: the server keeps so many statements of all, and lets go of older ones.
  await shop.sql(
    'SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)',
  );
  await work();
  return count();
}
