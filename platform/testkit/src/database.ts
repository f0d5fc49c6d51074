import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  applyMigrations,
  cloneDatabase,
  createTemplate,
  type DomainSchema,
  dropDatabase,
  ensureDatabase,
  readMigrations,
} from '@mercato/database';
import { root } from './database/environment.ts';
import { testPostgres } from './database/server.ts';

export { testPostgres } from './database/server.ts';

/** Databases with this prefix are tests' and may be dropped when no test runs. */
export const TEST_PREFIX = 'test_';

export interface TestDatabase {
  url: string;
  /** Disconnects whoever is in it, and drops it. */
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database for one test file. The domain's migrations run once for all test files, into a
 * template named after their content; each call copies it in milliseconds.
 * @param schema where the migrations are, when not in `prisma/<domain>`
 */
export async function testDatabase(domain: string, schema: DomainSchema = schemaOf(domain)): Promise<TestDatabase> {
  const { url: adminUrl } = await testPostgres();
  const template = `template_${domain}_${fingerprint(schema)}`;
  await createTemplate(adminUrl, template, async (url) => {
    await applyMigrations({ ...schema, url });
  });
  const name = `${TEST_PREFIX}${domain}_${randomBytes(6).toString('hex')}`;
  return { url: await cloneDatabase(adminUrl, template, name), drop: () => dropDatabase(adminUrl, name) };
}

/** An empty database, for a package without migrations of its own (a queue, an outbox). */
export async function emptyTestDatabase(purpose: string): Promise<TestDatabase> {
  const { url: adminUrl } = await testPostgres();
  const name = `${TEST_PREFIX}${purpose}_${randomBytes(6).toString('hex')}`;
  return { url: await ensureDatabase(adminUrl, name), drop: () => dropDatabase(adminUrl, name) };
}

function schemaOf(domain: string): DomainSchema {
  const folder = join(root, 'prisma', domain);
  return { schemaPath: join(folder, 'schema.prisma'), migrationsPath: join(folder, 'migrations') };
}

function fingerprint({ migrationsPath }: DomainSchema): string {
  const hash = createHash('sha256');
  for (const { name, checksum } of readMigrations(migrationsPath)) hash.update(`${name} ${checksum}\n`);
  return hash.digest('hex').slice(0, 12);
}
