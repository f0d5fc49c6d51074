import { join } from 'node:path';
import { DatabaseSetupError, databaseUrl, ensurePostgres } from '@mercato/database';
import { EnvironmentError } from '@mercato/environment';
import { announce as announceProducts } from '@mercato/products/announce';
import { eventRoutes } from '@mercato/schema';
import { createLogger } from '@mercato/telemetry';
import { readOptions } from './environment.ts';
import { errorSentence, LaunchError } from './launch-error.ts';

/** Domains that keep a copy of the catalog. */
const copies: readonly string[] = eventRoutes['product.updated'] ?? [];

const help = `Refills a domain's copy of another's data from its owner.

  npm run rebuild -- ${copies[0]}      ${copies.join(' or ')}; flags and environment as of npm start

Every product is told of again, and whoever keeps a copy takes it over; what is newer there stays. Mercato may run
meanwhile. When it does not, the copy is refilled at the next start.`;

async function main(): Promise<void> {
  const [copy, ...args] = process.argv.slice(2);
  if (copy === undefined || copy === '--help' || copy === '-h') return console.log(help);
  if (!copies.includes(copy))
    throw new LaunchError(`${copy} keeps no copy that can be refilled: name ${copies.join(' or ')}.`);
  const options = readOptions(args);
  if (!options) return console.log(help);
  const logger = createLogger({ name: 'rebuild', level: options.logLevel, pretty: true });
  const postgres = options.databaseUrl
    ? { url: options.databaseUrl, stop: async () => {} }
    : await ensurePostgres({ dataDir: join(options.dataDir, 'postgres'), logger });
  try {
    const told = await announceProducts(databaseUrl(postgres.url, `${options.databasePrefix}products`));
    console.log(`${told} products are told of again.`);
  } finally {
    await postgres.stop();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const expected = [EnvironmentError, LaunchError, DatabaseSetupError].some((kind) => error instanceof kind);
    console.error(expected ? errorSentence(error) : error);
    process.exit(1);
  },
);
