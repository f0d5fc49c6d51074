import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations, DatabaseSetupError, ensureDatabase, ensurePostgres } from '@mercato/database';
import pg from 'pg';
import type { CliEnvironment } from '../environment.ts';

const schema = (name: string): string => fileURLToPath(new URL(`../../../prisma/router/${name}`, import.meta.url));

/**
 * Runs `work` on the router's own database, made and migrated where it is not: that of the server of DATABASE_URL, else
 * of the embedded one in the data folder, which is started when it does not run.
 */
export async function withRouterDatabase<Result>(
  { dataDir, DATABASE_URL, DATABASE_PREFIX }: CliEnvironment,
  work: (database: pg.Client) => Promise<Result>,
): Promise<Result> {
  const warn = (_fields: object, message: string) => console.error(message);
  const postgres = DATABASE_URL
    ? { url: DATABASE_URL, stop: async () => {} }
    : await ensurePostgres({ dataDir: join(dataDir, 'postgres'), logger: { info: () => {}, warn } });
  try {
    const url = await ensureDatabase(postgres.url, `${DATABASE_PREFIX}router`);
    await applyMigrations({ url, schemaPath: schema('schema.prisma'), migrationsPath: schema('migrations') });
    const database = new pg.Client({ connectionString: url, application_name: 'mercato-key' });
    // A connection that breaks fails the next query too, which reports it.
    database.on('error', () => undefined);
    try {
      await database.connect();
      return await work(database);
    } finally {
      await database.end();
    }
  } finally {
    await postgres.stop();
  }
}

/** What the person at the keyboard can mend, in a sentence. */
export const isSetupError = (error: unknown): error is DatabaseSetupError => error instanceof DatabaseSetupError;
