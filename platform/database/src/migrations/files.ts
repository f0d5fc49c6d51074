import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { MigrationList, SchemaContainer } from '@prisma/schema-engine-wasm';
import { DatabaseSetupError, errorMessage } from '../errors.ts';

/** Where a domain keeps its database: `prisma/<domain>/schema.prisma` and `prisma/<domain>/migrations`. */
export interface DomainSchema {
  /** A file, or a folder of `.prisma` files. */
  schemaPath: string;
  migrationsPath: string;
}

export interface Migration {
  name: string;
  sql: string;
  /** As Prisma records it: SHA-256 of the script, hexadecimal. */
  checksum: string;
}

/** @throws DatabaseSetupError when the schema or a migration cannot be read */
export function readSchemaFiles(schemaPath: string): SchemaContainer[] {
  const stat = statSync(schemaPath, { throwIfNoEntry: false });
  if (!stat) throw new DatabaseSetupError(`The Prisma schema ${schemaPath} does not exist.`);
  const paths = stat.isDirectory()
    ? readdirSync(schemaPath)
        .filter((name) => name.endsWith('.prisma'))
        .map((name) => join(schemaPath, name))
    : [schemaPath];
  return paths.map((path) => ({ path: resolve(path), content: readFileSync(path, 'utf8') }));
}

/** In the order in which they are applied. */
export function readMigrations(migrationsPath: string): Migration[] {
  return migrationFolders(migrationsPath).map((name) => {
    const path = join(migrationsPath, name, 'migration.sql');
    try {
      const sql = readFileSync(path, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    } catch (error) {
      throw new DatabaseSetupError(`The migration ${path} cannot be read: ${errorMessage(error)}.`);
    }
  });
}

/** The same, as the schema engine wants it. */
export function migrationList(migrationsPath: string): MigrationList {
  const lockfile = join(migrationsPath, 'migration_lock.toml');
  return {
    baseDir: resolve(migrationsPath),
    lockfile: {
      path: 'migration_lock.toml',
      content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: readMigrations(migrationsPath).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

/** `products` for `prisma/products/schema.prisma`: how messages call it. */
export function domainOf(schemaPath: string): string {
  return basename(dirname(resolve(schemaPath)));
}

function migrationFolders(migrationsPath: string): string[] {
  if (!existsSync(migrationsPath)) return [];
  return readdirSync(migrationsPath, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
