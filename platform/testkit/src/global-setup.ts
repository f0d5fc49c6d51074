import { dropDatabasesLike } from '@mercato/database';
import { TEST_PREFIX, testPostgres } from './database.ts';

/** Keeps the tests' Postgres up for the whole run, and drops what a killed run left behind. */
export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await testPostgres();
  // Adopted means that somebody else's tests may be using theirs.
  if (!postgres.adopted) await dropDatabasesLike(postgres.url, TEST_PREFIX);
  return () => postgres.stop();
}
