import type { CatalogFormat, FileRecord, RowError } from '../imported-product.ts';
import { UnreadableFile } from '../unreadable-file.ts';
import { type Line, readLines } from './lines.ts';
import { readRecord, type SeedPictures, type Where } from './read-record.ts';
import { recordSchema } from './record-schema.ts';
import { valueAt } from './value-at.ts';

/**
 * One JSON object a line, each a product.
 * @param pictures of the seed, by the name of their file; only the seed may name files
 */
export const jsonLines = (pictures: SeedPictures = new Map()): CatalogFormat => ({
  async check(text) {
    let rows = 0;
    for await (const line of readLines(text)) {
      const parsed = parse(line);
      rows += 1;
      if (parsed.kind === 'json') continue;
      if (rows === 1)
        throw new UnreadableFile(`Line ${line.number} is no JSON object, so these are no JSON Lines.`, line.number);
      if (!line.isEnded)
        throw new UnreadableFile(
          `The file is cut short: its last line, ${line.number}, is no whole JSON object.`,
          line.number,
        );
    }
    if (rows === 0) throw new UnreadableFile('The file is empty; it wants a JSON object a line.', null);
    return rows;
  },

  async *read(text, { currency }) {
    const firstLines = new Map<string, number>();
    for await (const line of readLines(text)) {
      const read = readLine(line, { line: line.number, currency, pictures });
      const handle = read.product?.handle;
      const before = handle === undefined ? undefined : firstLines.get(handle);
      if (handle !== undefined && before === undefined) firstLines.set(handle, line.number);
      yield before === undefined
        ? read
        : refuse(line.number, [
            {
              column: 'handle',
              message: `handle "${handle}" is that of line ${before} already; put a product on one line.`,
              value: handle ?? null,
            },
          ]);
    }
  },
});

type Parsed = { kind: 'json'; value: object } | { kind: 'not-json'; reason: string };

function parse({ text }: Line): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { kind: 'json', value };
    return { kind: 'not-json', reason: 'it holds something else' };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'not-json', reason: error.message };
    throw error;
  }
}

function readLine(line: Line, where: Where): FileRecord {
  const parsed = parse(line);
  if (parsed.kind === 'not-json') {
    const message = `The line wants one JSON object: ${parsed.reason}.`;
    return refuse(line.number, [{ column: null, message, value: line.text }]);
  }
  const record = recordSchema.safeParse(parsed.value);
  if (!record.success) {
    return refuse(
      line.number,
      record.error.issues.map(({ path, message }) => ({
        column: path.join('.') || null,
        message: `${path.join('.') || 'The line'}: ${message}.`,
        value: valueAt(parsed.value, path),
      })),
    );
  }
  return readRecord(record.data, where);
}

const refuse = (line: number, errors: Omit<RowError, 'line'>[]): FileRecord => ({
  lines: [line],
  product: null,
  errors: errors.map((error) => ({ line, ...error })),
});
