import { join } from 'node:path';

/** The checkout's root. */
export const root = join(import.meta.dirname, '../../../..');

/** Where tests find Postgres. */
export const testDatabaseEnvironment = {
  /** A server of the developer's; its role must be allowed to create databases. */
  databaseUrl: process.env.DATABASE_URL || undefined,
  /** The folder of the embedded server all tests of this checkout share. */
  dataDir: process.env.MERCATO_TEST_DATA_DIR || join(root, '.mercato-test'),
};

/** How much the code under test may say; nothing below `fatal` unless TEST_LOG asks. */
export const testLogLevel = (): string => process.env.TEST_LOG || 'fatal';
