import type { ProductsDatabase } from '../database.ts';

/** Before every mistake of the file on the same line, and never one of them. */
const causeNumber = -1;

/**
 * Ends an import that cannot go on, with a sentence that says why. One that has ended already is left as it is.
 *
 * @param line where it stopped; null for the one behind what was settled
 */
export async function failImport(
  database: ProductsDatabase,
  importId: string,
  { message, line }: { readonly message: string; readonly line: number | null },
): Promise<void> {
  await database.$executeRaw`
    WITH failed AS (
      UPDATE catalog_import SET status = 'FAILED', finished_at = now()
      WHERE id = ${importId} AND status IN ('QUEUED', 'RUNNING') RETURNING id, settled_line)
    INSERT INTO catalog_import_error (import_id, line, number, message)
    SELECT id, coalesce(${line}::int, settled_line + 1), ${causeNumber}, ${message} FROM failed
    ON CONFLICT (import_id, line, number) DO UPDATE SET message = excluded.message`;
}

/** Says that an import is under way, and no longer that it failed, when its job is given another chance. */
export async function takeUpImport(database: ProductsDatabase, importId: string, total: number): Promise<void> {
  await database.$transaction([
    database.catalogImportError.deleteMany({ where: { importId, number: causeNumber } }),
    database.catalogImport.update({ where: { id: importId }, data: { status: 'RUNNING', total, finishedAt: null } }),
  ]);
}

/** Ends an import whose job was tried for the last time. What went wrong is ours, and in the log of the job. */
export const giveUpImport = (database: ProductsDatabase, importId: string): Promise<void> =>
  failImport(database, importId, {
    message:
      'The import stopped here for a fault of the service, not of the file, and no attempt got past it. ' +
      'What stands before is settled; start it again with the same file to settle the rest.',
    line: null,
  });
