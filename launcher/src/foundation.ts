import { join } from 'node:path';
import { loadOrCreateKeys, type ServiceKeys } from '@mercato/auth';
import { applyMigrations, ensureDatabase, ensurePostgres } from '@mercato/database';
import { detectQueueBackend, type QueueConnection } from '@mercato/queue';
import { subgraphs } from '@mercato/schema';
import type { Logger } from '@mercato/telemetry';
import { type LaunchOptions, schemaOf } from './environment.ts';

/** What the services of one machine stand on. */
export interface Foundation {
  /** Connection URLs of the databases, migrated: each domain's own by its name, and the `router`'s. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly queueConnection: QueueConnection;
  /** In a few words, for the start to print. */
  readonly description: { readonly database: string; readonly queue: string };
  readonly keys: ServiceKeys;
  stop(): Promise<void>;
}

export const callers = ['router', ...subgraphs.map(({ name }) => name)];

/** Starts or finds Postgres and the queue server, makes databases and keys, and applies what migrations are missing. */
export async function layFoundation(options: LaunchOptions, logger: Logger): Promise<Foundation> {
  const { dataDir, databasePrefix } = options;
  const keys = loadOrCreateKeys(join(dataDir, 'keys'), callers);
  const postgres = options.databaseUrl
    ? { url: options.databaseUrl, stop: async () => {} }
    : await ensurePostgres({ dataDir: join(dataDir, 'postgres'), logger });
  const undo = [postgres.stop];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const queue = await detectQueueBackend({
      dataDir,
      redisUrl: options.redisUrl,
      choice: options.queue,
      postgresUrl: await ensureDatabase(postgres.url, `${databasePrefix}queue`),
      logger,
    });
    undo.push(queue.stop);
    const withDatabase = [...subgraphs.filter(({ hasDatabase }) => hasDatabase), { name: 'router' }];
    const databaseUrls = Object.fromEntries(
      await Promise.all(
        withDatabase.map(async ({ name }) => [name, await migrated(postgres.url, name, databasePrefix)] as const),
      ),
    );
    return {
      databaseUrls,
      queueConnection: queue.connection,
      description: {
        database: options.databaseUrl ? 'Postgres of DATABASE_URL' : 'embedded Postgres',
        queue: queue.description,
      },
      keys,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function migrated(adminUrl: string, domain: string, prefix: string): Promise<string> {
  const url = await ensureDatabase(adminUrl, `${prefix}${domain}`);
  await applyMigrations({ url, ...schemaOf(domain) });
  return url;
}
