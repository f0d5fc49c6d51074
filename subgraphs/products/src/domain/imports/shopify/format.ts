import type { CatalogFormat, FileRecord } from '../imported-product.ts';
import { refuseRecord } from '../refuse-record.ts';
import { type ProductRows, readProductRows } from './product-rows.ts';
import { readRows } from './rows.ts';

/** Shopify's product CSV: a row for each variant or further picture, those of one product together. */
export const shopifyCsv: CatalogFormat = {
  async check(text) {
    let rows = 0;
    for await (const _row of readRows(text)) rows += 1;
    return rows;
  },

  async *read(text, { currency }) {
    const firstLines = new Map<string, number>();
    for await (const product of together(text)) {
      const { handle, lines } = product;
      const [line = 1] = lines;
      const before = handle === null ? undefined : firstLines.get(handle);
      if (handle !== null && before === undefined) firstLines.set(handle, line);
      yield before === undefined ? readProductRows(product, currency) : apart(product, before);
    }
  },
};

/** Consecutive rows of one handle. Rows that nobody can tell the product of go with those before them. */
async function* together(text: AsyncIterable<string>): AsyncGenerator<ProductRows> {
  let current: ProductRows | undefined;
  for await (const read of readRows(text)) {
    if (read.kind === 'refused') {
      current ??= { handle: null, rows: [], lines: [], errors: [] };
      current.lines.push(read.error.line);
      current.errors.push(read.error);
      continue;
    }
    const { row } = read;
    if (current?.handle !== row.handle) {
      if (current) yield current;
      current = { handle: row.handle, rows: [], lines: [], errors: [] };
    }
    current.rows.push(row);
    current.lines.push(row.line);
  }
  if (current) yield current;
}

function apart({ handle, lines, errors }: ProductRows, before: number): FileRecord {
  const [line = 1] = lines;
  const message = `The rows of "${handle}" stand apart: others begin on line ${before}; put them together.`;
  return refuseRecord(lines, [...errors, { line, column: 'Handle', message, value: handle }]);
}
