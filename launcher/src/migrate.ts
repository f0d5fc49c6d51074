import { applyMigrations, DatabaseSetupError, ensureDatabase } from '@mercato/database';
import { EnvironmentError, postgresUrl, readEnvironment } from '@mercato/environment';
import { subgraphs } from '@mercato/schema';
import { schemaOf } from './environment.ts';
import { errorSentence } from './launch-error.ts';

/**
 * Makes each domain's database and the router's on the server of DATABASE_URL where they are missing, and applies the
 * migrations that they lack: to be run once before the services of a new version start. Running it again, or twice at
 * once, is safe.
 */
async function main(): Promise<void> {
  const { DATABASE_URL } = readEnvironment({
    DATABASE_URL: postgresUrl().describe('any database of the server, with a role that may create databases'),
  });
  for (const { name } of [...subgraphs.filter(({ hasDatabase }) => hasDatabase), { name: 'router' }]) {
    const url = await ensureDatabase(DATABASE_URL, name);
    const applied = await applyMigrations({ url, ...schemaOf(name) });
    console.log(`${name}: ${applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`}`);
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const expected = error instanceof EnvironmentError || error instanceof DatabaseSetupError;
    console.error(expected ? errorSentence(error) : error);
    process.exit(1);
  },
);
