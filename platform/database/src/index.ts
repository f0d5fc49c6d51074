export {
  cloneDatabase,
  createTemplate,
  databaseName,
  databaseUrl,
  describeServer,
  dropDatabase,
  dropDatabasesLike,
  ensureDatabase,
} from './databases.ts';
export { DatabaseSetupError } from './errors.ts';
export type { DatabaseLogger } from './logger.ts';
export { applyMigrations } from './migrations/apply.ts';
export { migrationDrift } from './migrations/drift.ts';
export { type DomainSchema, readMigrations } from './migrations/files.ts';
export { type EnsurePostgresOptions, ensurePostgres, type Postgres } from './postgres/ensure-postgres.ts';
export { erasePostgres } from './postgres/erase.ts';
export { holdFileLock } from './postgres/file-lock.ts';
export { type PrismaAdapterOptions, prismaAdapter, transactionOptions } from './prisma-adapter.ts';
