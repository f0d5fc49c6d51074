import { ensurePostgres } from '../../src/index.ts';

/**
 * A user of an embedded Postgres in a process of its own: says its URL on a line, then stays until it is killed,
 * or leaves at the first line on stdin. Arguments: the data folder, then `durable`, or the one way to become
 * unprivileged that may be used (`user`).
 */
const [dataDir = '', wish] = process.argv.slice(2);
const quiet = { info: () => undefined, warn: () => undefined };

try {
  const postgres = await ensurePostgres({
    dataDir,
    logger: quiet,
    durable: wish === 'durable',
    ...(wish === 'user' ? { accounts: ['user'] } : {}),
  });
  console.log(JSON.stringify({ url: postgres.url, adopted: postgres.adopted }));
  process.stdin.once('data', async () => {
    await postgres.stop();
    process.exit(0);
  });
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }));
  process.exit(1);
}
