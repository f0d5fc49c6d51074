export {
  cloneDatabase,
  createTemplate,
  databaseName,
  databaseUrl,
  dropDatabase,
  ensureDatabase,
} from './databases.ts';
export { DatabaseSetupError } from './errors.ts';
export type { DatabaseLogger } from './logger.ts';
export { type EnsurePostgresOptions, ensurePostgres, type Postgres } from './postgres/ensure-postgres.ts';
