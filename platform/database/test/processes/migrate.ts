import { applyMigrations } from '../../src/index.ts';

/** Applies migrations in a process of its own and says what it applied. Arguments: URL, schema, migrations. */
const [url = '', schemaPath = '', migrationsPath = ''] = process.argv.slice(2);

console.log(JSON.stringify(await applyMigrations({ url, schemaPath, migrationsPath })));
process.exit(0);
