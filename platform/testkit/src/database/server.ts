import { join } from 'node:path';
import { type DatabaseLogger, ensurePostgres, type Postgres } from '@mercato/database';
import { testDatabaseEnvironment } from './environment.ts';

const toStderr: DatabaseLogger = { info: () => undefined, warn: (_fields, message) => console.warn(message) };

let server: Promise<Postgres> | undefined;

/**
 * The Postgres of this checkout's tests: DATABASE_URL, else an embedded one that gives up durability for speed.
 * It is shared by all test processes; the last one that ends or calls `stop` stops it.
 */
export function testPostgres(): Promise<Postgres> {
  server ??= start();
  return server;
}

async function start(): Promise<Postgres> {
  const { databaseUrl, dataDir } = testDatabaseEnvironment;
  if (databaseUrl) return { url: databaseUrl, adopted: true, stop: async () => undefined };
  return ensurePostgres({ dataDir: join(dataDir, 'postgres'), logger: toStderr, durable: false });
}
