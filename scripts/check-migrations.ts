import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSetupError, migrationDrift } from '../platform/database/src/index.ts';
import { testPostgres } from '../platform/testkit/src/database.ts';

/** Says for each domain whether its migrations make what its schema says; exit code 1 when one does not. */
async function main(): Promise<void> {
  const postgres = await testPostgres();
  try {
    for (const domain of domains()) {
      const folder = join('prisma', domain);
      const missing = await migrationDrift({
        schemaPath: join(folder, 'schema.prisma'),
        migrationsPath: join(folder, 'migrations'),
        adminUrl: postgres.url,
      });
      if (missing === null) continue;
      process.exitCode = 1;
      console.error(`prisma/${domain}/schema.prisma wants more than its migrations make.`);
      console.error(`Run: npm run db -- ${domain} migrate dev --name <what changed>\n\n${missing}\n`);
    }
  } finally {
    await postgres.stop();
  }
}

function domains(): string[] {
  if (!existsSync('prisma')) return [];
  return readdirSync('prisma').filter((name) => existsSync(join('prisma', name, 'schema.prisma')));
}

await main().catch((error: unknown) => {
  if (!(error instanceof DatabaseSetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
