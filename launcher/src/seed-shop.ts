import { join } from 'node:path';
import { loadOrCreateKeys } from '@mercato/auth';
import { databaseUrl } from '@mercato/database';
import { EnvironmentError, postgresUrl, readEnvironment, redisUrl } from '@mercato/environment';
import { subgraphs } from '@mercato/schema';
import { createLogger } from '@mercato/telemetry';
import { z } from 'zod';
import { readOptions } from './environment.ts';
import { callers } from './foundation.ts';
import { errorSentence } from './launch-error.ts';
import { seedInProcess } from './seed.ts';

/** Puts the example shop into migrated databases, for deployments that want it; a second time changes nothing. */
async function main(): Promise<void> {
  const environment = readEnvironment({
    DATABASE_URL: postgresUrl().describe('the server of the domains’ databases'),
    REDIS_URL: redisUrl(),
    MERCATO_DATA_DIR: z.string().describe('a folder whose "products" is the storage of the products service'),
  });
  const options = readOptions(['--data-dir', environment.MERCATO_DATA_DIR]);
  if (!options) return;
  await seedInProcess(
    options,
    {
      databaseUrls: Object.fromEntries(
        subgraphs
          .filter(({ hasDatabase }) => hasDatabase)
          .map(({ name }) => [name, databaseUrl(environment.DATABASE_URL, name)]),
      ),
      queueConnection: { kind: 'redis', url: environment.REDIS_URL },
      // Seeding asks no other service: nobody has to know these.
      keys: loadOrCreateKeys(join(environment.MERCATO_DATA_DIR, 'keys'), callers),
    },
    {
      hygraph: { endpoint: 'http://content.invalid', token: undefined },
      paymentSandbox: { url: 'http://payments.invalid', apiKey: 'unused' },
    },
    createLogger({ name: 'seed', level: 'info' }),
  );
  console.log('The example shop is in.');
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof EnvironmentError ? errorSentence(error) : error);
    process.exit(1);
  },
);
