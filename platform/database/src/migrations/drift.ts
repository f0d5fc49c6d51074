import { ALL, withEngine } from './engine.ts';
import { type DomainSchema, migrationList, migrationsTarget, readSchemaFiles } from './files.ts';

/**
 * Compares what the migrations make with what the schema says, in a throw-away database of the server.
 * @returns the SQL that is missing in the migrations; null when they agree
 */
export async function migrationDrift(options: DomainSchema & { adminUrl: string }): Promise<string | null> {
  const files = readSchemaFiles(options.schemaPath);
  return withEngine(options.adminUrl, files, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: migrationsTarget(migrationList(options.migrationsPath)),
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: ALL,
    });
    return exitCode === 2 ? (stdout ?? '').trim() : null;
  });
}
