import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyTestDatabase, testDatabase, testPostgres } from '../../testkit/src/database.ts';
import { migrateDev } from '../src/cli/migrate-dev.ts';
import { applyMigrations, type DomainSchema, migrationDrift, prismaAdapter } from '../src/index.ts';
import { dataLoss } from '../src/migrations/data-loss.ts';
import { readSchemaFiles } from '../src/migrations/files.ts';
import { end, startProgram } from './processes/spawn.ts';

const INIT = '20260101000000_init';

let folder: string;
let library: DomainSchema;
let url: string;
let drop: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-migrations-'));
  cpSync(join(import.meta.dirname, 'fixtures/library'), join(folder, 'library'), { recursive: true });
  library = { schemaPath: join(folder, 'library/schema.prisma'), migrationsPath: join(folder, 'library/migrations') };
  ({ url, drop } = await emptyTestDatabase('migrations'));
});

afterEach(async () => {
  await drop();
  rmSync(folder, { recursive: true, force: true });
});

function addMigration(name: string, sql: string): void {
  mkdirSync(join(library.migrationsPath, name));
  writeFileSync(join(library.migrationsPath, name, 'migration.sql'), sql);
}

function changeSchema(from: string, to: string): void {
  writeFileSync(library.schemaPath, readFileSync(library.schemaPath, 'utf8').replace(from, to));
}

async function rows(sql: string, at = url): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const apply = () => applyMigrations({ ...library, url });

describe('applying', () => {
  test('writes what Prisma itself would, once', async () => {
    expect(await apply()).toEqual([INIT]);
    expect(await apply()).toEqual([]);

    const script = readFileSync(join(library.migrationsPath, INIT, 'migration.sql'));
    const checksum = createHash('sha256').update(script).digest('hex');
    expect(await rows('SELECT migration_name, checksum, applied_steps_count FROM _prisma_migrations')).toEqual([
      { migration_name: INIT, checksum, applied_steps_count: 1 },
    ]);
    await rows(`INSERT INTO "Author" VALUES ('a', 'Ann')`);
  });

  test('takes scripts with semicolons inside functions and strings whole', async () => {
    addMigration(
      '20260102000000_ledger',
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         RAISE EXCEPTION 'append only; never changed';
       END;
       $$;
       CREATE TRIGGER keep BEFORE UPDATE ON "Author" FOR EACH ROW EXECUTE FUNCTION refuse();`,
    );
    expect(await apply()).toHaveLength(2);

    await rows(`INSERT INTO "Author" VALUES ('a', 'Ann')`);
    await expect(rows(`UPDATE "Author" SET name = 'Bea'`)).rejects.toThrow('append only; never changed');
  });

  test('six processes at once: one applies, the others find it done', async () => {
    const args = [url, library.schemaPath, library.migrationsPath];
    const racers = await Promise.all(Array.from({ length: 6 }, () => startProgram('migrate.ts', args)));
    await Promise.all(racers.map(({ child }) => end(child, 'SIGKILL')));

    expect(racers.map(({ said }) => said).sort()).toEqual([[], [], [], [], [], [INIT]]);
    expect(await rows('SELECT migration_name FROM _prisma_migrations')).toEqual([{ migration_name: INIT }]);
  });

  test('eight calls at once in one process', async () => {
    const applied = await Promise.all(Array.from({ length: 8 }, apply));

    expect(applied.flat()).toEqual([INIT]);
  });
});

describe('refusals are one sentence that says what to do', () => {
  test('a migration edited after it was applied', async () => {
    await apply();
    appendFileSync(join(library.migrationsPath, INIT, 'migration.sql'), '\n-- an afterthought\n');

    await expect(apply()).rejects.toThrow(
      /^The migration 20260101000000_init of prisma\/library was edited after it was applied to database "test_\w+": undo the edit and add a new migration\.$/,
    );
  });

  test('a migration that fails, and then the one that failed before', async () => {
    addMigration('20260102000000_bad', 'ALTER TABLE "Nowhere" ADD COLUMN x INT;');

    await expect(apply()).rejects.toThrow(
      /^The migration 20260102000000_bad of prisma\/library failed in database "test_\w+": relation "Nowhere" does not exist$/,
    );
    await expect(apply()).rejects.toThrow(/^The migration 20260102000000_bad failed .* migrate resolve --rolled-back /);
  });

  test('a failed migration leaves nothing of itself behind', async () => {
    addMigration('20260102000000_bad', 'CREATE TABLE half (id INT); ALTER TABLE "Nowhere" ADD COLUMN x INT;');

    await expect(apply()).rejects.toThrow('Nowhere');
    expect(await rows(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
  });

  test('a database that a newer version migrated', async () => {
    addMigration('20260102000000_later', 'CREATE TABLE later (id INT);');
    await apply();
    rmSync(join(library.migrationsPath, '20260102000000_later'), { recursive: true });

    await expect(apply()).rejects.toThrow(
      /has the migration 20260102000000_later, which prisma\/library does not know/,
    );
  });

  test('a server that is not there, and a database that is not', async () => {
    const nowhere = new URL(url);
    nowhere.port = '1';
    await expect(applyMigrations({ ...library, url: nowhere.href })).rejects.toThrow(
      /^Postgres at 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED.*\): start it, or correct DATABASE_URL\.$/,
    );
    const missing = new URL(url);
    missing.pathname = '/missing';
    await expect(applyMigrations({ ...library, url: missing.href })).rejects.toThrow(
      /^The database "missing" does not exist/,
    );
  });
});

describe('drift', () => {
  const drift = async () => migrationDrift({ ...library, adminUrl: (await testPostgres()).url });

  test('none when the migrations make the schema', async () => {
    expect(await drift()).toBeNull();
  });

  test('the SQL that is missing when they do not', async () => {
    changeSchema('  name  String', '  name  String\n  born  Int?');

    expect(await drift()).toContain('ALTER TABLE "Author" ADD COLUMN     "born" INTEGER');
  });

  test('leaves no throw-away database behind', async () => {
    await drift();

    const { url: adminUrl } = await testPostgres();
    expect(await rows(`SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`, adminUrl)).toEqual(
      [],
    );
  });
});

describe('a new migration where nobody can be asked', () => {
  const dev = (...args: string[]) => migrateDev({ ...library, url }, args);

  test('is written and applied', async () => {
    changeSchema('  name  String', '  name  String\n  born  Int?');
    await dev('--name', 'Year of birth');

    expect(await rows('SELECT migration_name FROM _prisma_migrations ORDER BY started_at')).toEqual([
      { migration_name: INIT },
      { migration_name: expect.stringMatching(/^\d{14}_year_of_birth$/) },
    ]);
    expect(await migrationDrift({ ...library, adminUrl: (await testPostgres()).url })).toBeNull();
  });

  test('is refused when rows would be lost, until that is accepted', async () => {
    await apply();
    await rows(`INSERT INTO "Author" VALUES ('a', 'Ann')`);
    changeSchema('  name  String\n', '');

    await expect(dev('--name', 'nameless')).rejects.toThrow(/^Nothing was changed: repeat with --accept-data-loss/);
    expect(await rows('SELECT name FROM "Author"')).toEqual([{ name: 'Ann' }]);
    await dev('--name', 'nameless', '--accept-data-loss');
    expect(await rows('SELECT * FROM "Author"')).toEqual([{ id: 'a' }]);
  });

  test('what would be lost is told without doing it', async () => {
    await apply();
    await rows(`INSERT INTO "Author" VALUES ('a', 'Ann')`);
    changeSchema('  name  String\n', '  email String\n');

    const loss = await dataLoss(url, readSchemaFiles(library.schemaPath));
    expect(loss.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/drop the column `name` on the `Author` table, which still contains 1 non-null values/),
    ]);
    expect(loss.unexecutableSteps.map(({ message }) => message)).toEqual([
      expect.stringMatching(/required column `email` .* There are 1 rows/),
    ]);
    expect(await rows('SELECT * FROM "Author"')).toEqual([{ id: 'a', name: 'Ann' }]);
  });

  test('a harmless rehearsal changes nothing either', async () => {
    await apply();
    changeSchema('  name  String', '  name  String\n  born  Int?');

    expect((await dataLoss(url, readSchemaFiles(library.schemaPath))).migrationSteps).toBeGreaterThan(0);
    expect(await rows(`SELECT column_name FROM information_schema.columns WHERE column_name = 'born'`)).toEqual([]);
  });
});

describe('databases for tests', () => {
  test('twelve at once are apart and equally migrated', async () => {
    const databases = await Promise.all(Array.from({ length: 12 }, () => testDatabase('library', library)));
    const first = databases[0]?.url ?? '';
    await rows(`INSERT INTO "Author" VALUES ('a', 'Ann')`, first);

    for (const database of databases) {
      expect(await rows('SELECT id FROM "Author"', database.url)).toEqual(database.url === first ? [{ id: 'a' }] : []);
    }
    await Promise.all(databases.map((database) => database.drop()));
  });

  test('another migration makes another template', async () => {
    await (await testDatabase('library', library)).drop();
    addMigration('20260102000000_later', 'CREATE TABLE later (id INT);');

    const later = await testDatabase('library', library);
    expect(await rows('SELECT * FROM later', later.url)).toEqual([]);
    await later.drop();
  });
});

test('an adapter cancels a statement that runs too long, and closes its pool', async () => {
  const adapter = await prismaAdapter(url, { max: 2, statementTimeoutMs: 100 }).connect();

  await expect(adapter.executeRaw({ sql: 'SELECT pg_sleep(20)', args: [], argTypes: [] })).rejects.toMatchObject({
    cause: { originalCode: '57014' },
  });
  await adapter.dispose();
  expect(
    await rows(
      `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'mercato'`,
    ),
  ).toEqual([{ open: 0 }]);
});
