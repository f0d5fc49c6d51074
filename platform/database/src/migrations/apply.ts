import type pg from 'pg';
import { databaseName, withAdvisoryLock, withClient } from '../databases.ts';
import { DatabaseSetupError, errorCode, errorMessage } from '../errors.ts';
import { ALL, withEngine } from './engine.ts';
import { type DomainSchema, domainOf, type Migration, migrationList, readMigrations } from './files.ts';

const UNDEFINED_TABLE = '42P01';

interface AppliedRow {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

/**
 * Brings the database at `url` up to date with a domain's migrations, through Prisma's own engine and into Prisma's
 * own `_prisma_migrations`. Any number of processes may do it at once; one applies, the others find it done.
 * @returns the names of the migrations applied by this call
 * @throws DatabaseSetupError with one sentence for an edited, failed or unknown migration and an unreachable database
 */
export async function applyMigrations(options: DomainSchema & { url: string }): Promise<string[]> {
  const { url, schemaPath, migrationsPath } = options;
  const migrations = readMigrations(migrationsPath);
  const subject = { domain: domainOf(schemaPath), database: databaseName(url) };

  return withClient(url, (client) =>
    withAdvisoryLock(client, 'mercato.migrations', async () => {
      const recorded = await readRecorded(client);
      refuseUnsafe(recorded, migrations, subject);
      if (recorded.length === migrations.length) return [];
      return applyWithEngine(url, migrationsPath, client, subject);
    }),
  );
}

interface Subject {
  domain: string;
  database: string;
}

async function readRecorded(client: pg.Client): Promise<AppliedRow[]> {
  const { rows } = await client
    .query<AppliedRow>(
      `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
         FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    .catch((error: unknown) => {
      if (errorCode(error) === UNDEFINED_TABLE) return { rows: [] };
      throw error;
    });
  return rows;
}

/** What the engine would either refuse in many lines or, for an edited migration, silently accept. */
function refuseUnsafe(recorded: AppliedRow[], migrations: Migration[], { domain, database }: Subject): void {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of recorded) {
    const name = row.migration_name;
    const migration = byName.get(name);
    if (!row.finished) {
      throw new DatabaseSetupError(
        `The migration ${name} failed in database "${database}" before: repair the data, then run \`npm run db -- ${domain} migrate resolve --rolled-back ${name}\`.`,
      );
    }
    if (!migration) {
      throw new DatabaseSetupError(
        `The database "${database}" has the migration ${name}, which prisma/${domain} does not know: start the version that made it, or another data folder.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new DatabaseSetupError(
        `The migration ${name} of prisma/${domain} was edited after it was applied to database "${database}": undo the edit and add a new migration.`,
      );
    }
  }
}

async function applyWithEngine(url: string, migrationsPath: string, client: pg.Client, subject: Subject) {
  const applying = withEngine(url, [], (engine) =>
    engine.applyMigrations({ migrationsList: migrationList(migrationsPath), filters: ALL }),
  );
  const { appliedMigrationNames } = await applying.catch(async (error: unknown) => {
    throw await explainFailure(client, error, subject);
  });
  return appliedMigrationNames;
}

async function explainFailure(client: pg.Client, error: unknown, { domain, database }: Subject) {
  const failed = (await readRecorded(client)).find((row) => !row.finished);
  if (!failed) return new DatabaseSetupError(`The migrations of prisma/${domain} failed: ${oneLine(error)}`);
  return new DatabaseSetupError(
    `The migration ${failed.migration_name} of prisma/${domain} failed in database "${database}": ${oneLine(error)}`,
    { cause: error },
  );
}

/** Prisma's report goes on with a stack of its own; its first line is what helps. */
function oneLine(error: unknown): string {
  return (errorMessage(error).trim().split('\n')[0] ?? '').trim();
}
