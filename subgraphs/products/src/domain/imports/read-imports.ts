import {
  type Connection,
  connection,
  keysetOrderBy,
  keysetWhere,
  type PageArguments,
  readPageArguments,
} from '@mercato/pagination';
import { Prisma } from '../../generated/prisma/client.ts';
import type { ProductsDatabase } from '../database.ts';
import { toStorable } from '../storable-text.ts';
import type { ImportRecord } from './import-record.ts';
import type { RowError } from './imported-product.ts';

export const findImport = (database: ProductsDatabase, id: string): Promise<ImportRecord | null> =>
  database.catalogImport.findUnique({ where: { id: toStorable(id) } });

const inFileOrder = {
  name: 'import-errors',
  columns: [
    { expression: Prisma.sql`e.line`, direction: 'asc', type: 'int' },
    { expression: Prisma.sql`e.number`, direction: 'asc', type: 'int' },
  ],
} as const;

export type ErrorConnection = Connection<RowError>;

/** The refused rows of an import, in the order of the file. */
export async function listErrors(
  database: ProductsDatabase,
  importId: string,
  args: PageArguments,
): Promise<ErrorConnection> {
  const page = readPageArguments(args, { sort: inFileOrder, default: 50 });
  const rows = await database.$queryRaw<(RowError & { number: number })[]>`
    SELECT e.line, e.number, e."column", e.message, e.value FROM catalog_import_error e
    WHERE e.import_id = ${importId} AND ${keysetWhere(page)}
    ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  return connection(
    rows,
    page,
    ({ line, number }) => [line, number],
    () => database.catalogImportError.count({ where: { importId } }),
  );
}
