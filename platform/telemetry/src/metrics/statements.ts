import { Counter, Histogram } from 'prom-client';
import { latencyBuckets, secondsSince } from './latency.ts';
import { processRegistry } from './process-registry.ts';

const statements = new Counter({
  name: 'mercato_sql_statements_total',
  help: 'Statements that a database was sent',
  labelNames: ['database', 'outcome'],
  registers: [processRegistry],
});

const durations = new Histogram({
  name: 'mercato_sql_statement_duration_seconds',
  help: 'Time from a statement to its result; outside of transactions with the wait for a connection',
  labelNames: ['database'],
  buckets: latencyBuckets,
  registers: [processRegistry],
});

/** @param startedAt by `performance.now()` */
export type StatementEnded = (succeeded: boolean, startedAt: number) => void;

/** @returns to be told of each statement to a database */
export function measureStatements(database: string): StatementEnded {
  const ok = statements.labels(database, 'ok');
  const failed = statements.labels(database, 'error');
  const duration = durations.labels(database);
  return (succeeded, startedAt) => {
    (succeeded ? ok : failed).inc();
    duration.observe(secondsSince(startedAt));
  };
}
