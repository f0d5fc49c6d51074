import type { CursorValue, KeysetColumn, KeysetSort } from './sort.ts';

/** Longer than any cursor of ours: sort columns are short. */
const LONGEST_CURSOR = 8192;

/**
 * The opaque position of a row in an order: base64url over the order's name and the row's values, one per column.
 * Throws `TypeError` when a value is not of its column's type: that is a bug of the caller.
 */
export function encodeCursor(sort: KeysetSort, values: readonly CursorValue[]): string {
  if (values.length !== sort.columns.length) {
    throw new TypeError(`Order ${sort.name} has ${sort.columns.length} columns, not ${values.length}.`);
  }
  const written = sort.columns.map((column, index) => write(sort, column, values[index] ?? null));
  return Buffer.from(JSON.stringify([sort.name, ...written])).toString('base64url');
}

/** What a client sent as a cursor: its values, or why it is none of this order. */
export type DecodedCursor =
  | { kind: 'ok'; values: CursorValue[] }
  | { kind: 'garbage' }
  | { kind: 'other-sort'; sort: string };

/** Reads a cursor that `encodeCursor` wrote for the same order. Never throws, whatever the client sent. */
export function decodeCursor(sort: KeysetSort, cursor: string): DecodedCursor {
  const parts = parse(cursor);
  if (parts === null) return { kind: 'garbage' };

  const [name, ...written] = parts;
  if (typeof name !== 'string') return { kind: 'garbage' };
  if (name !== sort.name) return { kind: 'other-sort', sort: name };
  if (written.length !== sort.columns.length) return { kind: 'garbage' };

  const values: CursorValue[] = [];
  for (const [index, column] of sort.columns.entries()) {
    const value = read(column, written[index]);
    if (value === undefined) return { kind: 'garbage' };
    values.push(value);
  }
  return { kind: 'ok', values };
}

function parse(cursor: string): unknown[] | null {
  // Buffer.from skips letters outside the alphabet; a cursor with them is not one of ours.
  if (cursor.length > LONGEST_CURSOR || !/^[\w-]+$/.test(cursor)) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

type Written = string | number | boolean | null;

function write(sort: KeysetSort, column: KeysetColumn, value: CursorValue): Written {
  const written = writtenForm(value);
  if (read(column, written) === undefined) {
    throw new TypeError(`Order ${sort.name}: ${String(value)} is not of type ${column.type}.`);
  }
  return written;
}

function writtenForm(value: CursorValue): Written {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  return value;
}

const BIGINT_LIMIT = 2n ** 63n;
const INT_LIMIT = 2 ** 31;
/** U+0000 and halves of surrogate pairs, which Postgres' UTF-8 cannot hold. */
const NOT_POSTGRES_TEXT = /[\0\p{Surrogate}]/u;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The value as the column's type, or undefined when Postgres would not take it as such. */
function read(column: KeysetColumn, written: unknown): CursorValue | undefined {
  if (written === null) return column.nulls === undefined ? undefined : null;

  switch (column.type) {
    case 'text':
      return typeof written === 'string' && !NOT_POSTGRES_TEXT.test(written) ? written : undefined;
    case 'bigint':
      return readBigint(written);
    case 'int':
      return Number.isInteger(written) && Number(written) >= -INT_LIMIT && Number(written) < INT_LIMIT
        ? Number(written)
        : undefined;
    case 'float8':
      return typeof written === 'number' && Number.isFinite(written) ? written : undefined;
    case 'boolean':
      return typeof written === 'boolean' ? written : undefined;
    case 'timestamptz':
      return typeof written === 'string' && INSTANT.test(written) && isInstant(written) ? written : undefined;
  }
}

function readBigint(written: unknown): bigint | undefined {
  if (typeof written !== 'string' || !/^-?\d{1,19}$/.test(written)) return undefined;
  const value = BigInt(written);
  return value >= -BIGINT_LIMIT && value < BIGINT_LIMIT ? value : undefined;
}

/** Whether the day exists, which JavaScript rolls over (February 31), and Postgres has the year (it has no year 0). */
function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && !text.startsWith('0000') && new Date(time).toISOString() === text;
}
