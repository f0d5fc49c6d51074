export { emptyTestDatabase, type TestDatabase, testDatabase, testPostgres } from './database.ts';
