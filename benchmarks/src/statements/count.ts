import type { System } from '../system/system.ts';

/** Statements and how often each was sent. */
type Statements = ReadonlyMap<string, number>;

/**
 * How many SQL statements reached each domain's database while `work` ran, told by Postgres itself, without the
 * beginnings and ends of transactions. The workers, which work by the clock, must have been stopped.
 */
export async function countStatements(
  system: System,
  domains: readonly string[],
  work: () => Promise<unknown>,
): Promise<ReadonlyMap<string, number>> {
  const before = await callsIn(system, domains);
  await work();
  const after = await callsIn(system, domains);
  return new Map(
    domains.map((domain) => {
      const known = before.get(domain);
      const made = [...(after.get(domain) ?? [])].map(([query, calls]) => calls - (known?.get(query) ?? 0));
      return [domain, made.reduce((sum, calls) => sum + calls, 0)];
    }),
  );
}

const callsQuery = `
  SELECT query, sum(calls)::int AS calls FROM pg_stat_statements
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query !~* '^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START TRANSACTION|DEALLOCATE|DISCARD|SET|SHOW|LISTEN)'
    AND query !~* 'pg_stat_statements'
  GROUP BY query`;

async function callsIn(system: System, domains: readonly string[]): Promise<ReadonlyMap<string, Statements>> {
  const entries = domains.map(async (domain) => {
    await system.sql(domain, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const rows = await system.sql<{ query: string; calls: number }>(domain, callsQuery);
    return [domain, new Map(rows.map(({ query, calls }) => [query, calls]))] as const;
  });
  return new Map(await Promise.all(entries));
}
