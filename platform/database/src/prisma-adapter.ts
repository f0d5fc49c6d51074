import type { PrismaPg } from '@prisma/adapter-pg';
import { MeasuredPrismaPg } from './measured-adapter.ts';
import { statementNames } from './statement-names.ts';

export interface PrismaAdapterOptions {
  /** Connections at most; a server of ours takes 300 in all. Default 10. */
  max?: number;
  /** A statement that runs longer is cancelled by the database, in ms. Default 30 s. */
  statementTimeoutMs?: number;
  /** Waiting longer for a connection is an error, in ms. Default 10 s. */
  connectionTimeoutMs?: number;
}

/**
 * What a domain's Prisma client is made with: `new PrismaClient({ adapter: prismaAdapter(url) })`.
 * The pool is the client's: `$disconnect()` closes it.
 */
export function prismaAdapter(url: string, options: PrismaAdapterOptions = {}): PrismaPg {
  const { max = 10, statementTimeoutMs = 30_000, connectionTimeoutMs = 10_000 } = options;
  return new MeasuredPrismaPg(
    url,
    {
      connectionString: url,
      max,
      connectionTimeoutMillis: connectionTimeoutMs,
      idleTimeoutMillis: 30_000,
      statement_timeout: statementTimeoutMs,
      // A process that stopped halfway must not hold its row locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      application_name: 'mercato',
    },
    // Idle connections break when the database restarts; the pool replaces them and the next query works.
    {
      onPoolError: () => undefined,
      onConnectionError: () => undefined,
      statementNameGenerator: statementNames(),
    },
  );
}

/**
 * For `new PrismaClient({ adapter, transactionOptions })`. Callers that race for the same rows wait for each other; the
 * library's own limits (two seconds for a connection, five for the transaction) would turn a busy moment into an error.
 */
export const transactionOptions = { maxWait: 10_000, timeout: 20_000 };
