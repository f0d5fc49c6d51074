import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateMigrationOutput, MigrationList, SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm';
import { ALL } from './engine.ts';
import { LOCKFILE, migrationsTarget } from './files.ts';

/**
 * The migration that leads from the migrations to the schema.
 * It is a diff, because `createMigration` cannot make a shadow database when it runs as wasm; the diff can.
 * @param draft true makes one even when nothing is missing, to be filled by hand
 */
export async function nextMigration(
  engine: SchemaEngine,
  from: MigrationList,
  files: SchemaContainer[],
  { name, draft }: { name: string; draft: boolean },
): Promise<CreateMigrationOutput> {
  const { exitCode, stdout } = await engine.diff({
    from: migrationsTarget(from),
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: true,
    filters: ALL,
  });
  const script = exitCode === 2 || draft ? stdout : null;
  return {
    connectorType: 'postgresql',
    generatedMigrationName: name ? `${timestamp()}_${name}` : timestamp(),
    migrationScript: script,
    extension: 'sql',
  };
}

/** Writes it where Prisma would. @returns the path of the script */
export function writeMigration(migrationsPath: string, name: string, script: string): string {
  const folder = join(migrationsPath, name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'migration.sql');
  writeFileSync(path, script);
  const lockfile = join(migrationsPath, 'migration_lock.toml');
  if (!existsSync(lockfile)) writeFileSync(lockfile, LOCKFILE);
  return path;
}

/** `20260131094500`: Prisma sorts migrations by it. */
function timestamp(): string {
  return new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
