import { type CsvRecord, readCsv } from '../csv-records.ts';
import type { RowError } from '../imported-product.ts';
import { UnreadableFile } from '../unreadable-file.ts';
import { columns, Header } from './columns.ts';

export interface Row {
  readonly line: number;
  readonly handle: string;
  /** The cell without spaces around it; undefined without such a column. */
  cell(column: string): string | undefined;
}

export type ReadRow =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'refused'; readonly error: RowError };

/**
 * The rows below the header. One with a wrong number of columns is refused, as nobody can tell what is missing; when it
 * is the last one and has too few, the file was cut short.
 * @throws UnreadableFile
 */
export async function* readRows(text: AsyncIterable<string>): AsyncGenerator<ReadRow> {
  let header: Header | undefined;
  let last: CsvRecord | undefined;
  for await (const record of readCsv(text)) {
    if (!header) {
      header = new Header(record.fields, record.line);
      continue;
    }
    last = record;
    yield readRow(record, header);
  }
  if (!header) throw new UnreadableFile('The file is empty; it wants a header and a row for each variant.', null);
  if (last && last.fields.length < header.width) {
    const message = `The file is cut short: its last record, on line ${last.line}, has ${last.fields.length} of ${header.width} columns.`;
    throw new UnreadableFile(message, last.line);
  }
}

function readRow({ line, fields }: CsvRecord, header: Header): ReadRow {
  const handle = header.cell(fields, columns.handle) ?? '';
  const refuse = (column: string | null, message: string, value: string | null): ReadRow => ({
    kind: 'refused',
    error: { line, column, message, value },
  });
  if (fields.length !== header.width) {
    const message = `The row has ${fields.length} columns where the header has ${header.width}; put texts with commas in quotes.`;
    return refuse(null, message, handle || null);
  }
  if (handle === '') return refuse(columns.handle, 'Handle is missing; each row names the product it belongs to.', '');
  return { kind: 'row', row: { line, handle, cell: (column) => header.cell(fields, column) } };
}
