import type { SubgraphDependencies } from '@mercato/subgraph-server';
import { sql } from './stock.ts';

/** Statements that the database was sent while `work` ran, without BEGIN and COMMIT, as the database counts them. */
export async function countStatements<Result>(
  dependencies: Pick<SubgraphDependencies, 'databaseUrl'>,
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: string[] }> {
  await sql(dependencies, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const before = await callsByStatement(dependencies);
  const result = await work();
  const after = await callsByStatement(dependencies);
  const statements = [...after].flatMap(([query, calls]) =>
    Array.from({ length: calls - (before.get(query) ?? 0) }, () => query),
  );
  return { result, statements };
}

async function callsByStatement(
  dependencies: Pick<SubgraphDependencies, 'databaseUrl'>,
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ query: string; calls: number }>(
    dependencies,
    `SELECT query, sum(calls)::int AS calls FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel
       AND query !~* '^(begin|commit|rollback|set|show|deallocate|create extension)' AND query !~ 'pg_stat_statements'
     GROUP BY query`,
  );
  return new Map(rows.map(({ query, calls }) => [query, calls]));
}
