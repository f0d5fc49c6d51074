import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrateDev } from '../platform/database/src/cli/migrate-dev.ts';
import { runPrisma } from '../platform/database/src/cli/prisma.ts';
import { DatabaseSetupError, ensureDatabase, ensurePostgres } from '../platform/database/src/index.ts';

const root = join(import.meta.dirname, '..');

const HELP = `Prisma's own CLI for one domain's database.

  npm run db -- <domain> <prisma command …>

  npm run db -- products migrate dev --name add_vendor     write and apply a migration
  npm run db -- products migrate dev --name x --create-only
  npm run db -- products migrate status
  npm run db -- products migrate deploy
  npm run db -- products migrate reset --force
  npm run db -- products migrate resolve --rolled-back <migration>

The database is DATABASE_URL's server, else the embedded one of MERCATO_DATA_DIR (.mercato/), which is started when
it does not run. Where nobody can be asked (no terminal, CI), migrate dev also takes --accept-data-loss.
`;

async function main([domain, ...command]: string[]): Promise<number> {
  if (!domain || domain === '--help' || command.length === 0) {
    process.stdout.write(HELP);
    return domain === '--help' ? 0 : 1;
  }
  const folder = join(root, 'prisma', domain);
  const schemaPath = join(folder, 'schema.prisma');
  if (!existsSync(schemaPath)) {
    throw new DatabaseSetupError(
      `There is no prisma/${domain}/schema.prisma; the domains are: ${domains().join(', ')}.`,
    );
  }
  // Prisma hears Ctrl-C itself; we stay to leave the database as we found it.
  process.on('SIGINT', () => undefined);
  const postgres = await connect();
  try {
    const url = await ensureDatabase(postgres.url, domain);
    const alone = !process.stdin.isTTY || !process.stdout.isTTY || Boolean(process.env.CI);
    if (alone && command[0] === 'migrate' && command[1] === 'dev' && !command.includes('--help')) {
      await migrateDev({ url, schemaPath, migrationsPath: join(folder, 'migrations') }, command.slice(2));
      return 0;
    }
    const environment = { ...process.env, MERCATO_DOMAIN: domain, MERCATO_DOMAIN_DATABASE_URL: url };
    return await runPrisma(command, { root, environment });
  } finally {
    await postgres.stop();
  }
}

async function connect(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, stop: async () => undefined };
  const dataDir = join(process.env.MERCATO_DATA_DIR || join(root, '.mercato'), 'postgres');
  const warn = (_fields: object, message: string) => console.warn(message);
  return ensurePostgres({ dataDir, logger: { info: () => undefined, warn } });
}

function domains(): string[] {
  const folder = join(root, 'prisma');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'schema.prisma')));
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof DatabaseSetupError)) throw error;
  console.error(error.message);
  return 1;
});
