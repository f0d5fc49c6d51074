import type { SupergraphUnderTest } from './supergraph.ts';

/** Statements and how often each was sent. */
export type Statements = Readonly<Record<string, number>>;

/**
 * SQL statements that reached each domain's database while `work` ran, told by Postgres itself; beginnings and ends
 * of transactions are left out. Whatever works by the clock beside it is counted too: stop the workers first.
 */
export async function countStatements(
  system: SupergraphUnderTest,
  domains: readonly string[],
  work: () => Promise<unknown>,
): Promise<Record<string, Statements>> {
  const before = await callsOf(system, domains);
  await work();
  const after = await callsOf(system, domains);
  return Object.fromEntries(
    domains.map((domain) => {
      const made = Object.entries(after[domain] ?? {}).map(
        ([query, calls]) => [query, calls - (before[domain]?.[query] ?? 0)] as const,
      );
      return [domain, Object.fromEntries(made.filter(([, calls]) => calls > 0))];
    }),
  );
}

export const total = (statements: Statements): number => Object.values(statements).reduce((sum, n) => sum + n, 0);

const ownAndTransactional = `
  query ~* '^(BEGIN|COMMIT|ROLLBACK|DEALLOCATE|SET|SHOW|LISTEN|SAVEPOINT|RELEASE|DISCARD)' OR query ~* 'pg_stat_statements'`;

async function callsOf(system: SupergraphUnderTest, domains: readonly string[]): Promise<Record<string, Statements>> {
  const entries = domains.map(async (domain) => {
    await system.sql(domain, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const rows = await system.sql<{ query: string; calls: number }>(
      domain,
      `SELECT query, sum(calls)::int AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT (${ownAndTransactional})
       GROUP BY query`,
    );
    return [domain, Object.fromEntries(rows.map(({ query, calls }) => [query, calls]))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
