import { sqltag as sql } from '@prisma/client/runtime/client';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, type KeysetSort, type PageArguments, readPageArguments } from '../src/index.ts';

const byPrice: KeysetSort = {
  name: 'PRICE',
  columns: [
    { expression: sql`price`, direction: 'asc', type: 'bigint' },
    { expression: sql`id`, direction: 'asc', type: 'text' },
  ],
};
const everything: KeysetSort = {
  name: 'EVERYTHING',
  columns: [
    { expression: sql`a`, direction: 'asc', type: 'text', nulls: 'last' },
    { expression: sql`b`, direction: 'asc', type: 'int' },
    { expression: sql`c`, direction: 'asc', type: 'bigint' },
    { expression: sql`d`, direction: 'asc', type: 'float8' },
    { expression: sql`e`, direction: 'asc', type: 'boolean' },
    { expression: sql`f`, direction: 'asc', type: 'timestamptz' },
  ],
};
const cursor = encodeCursor(byPrice, [4299n, 'product_1']);
const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('readPageArguments', () => {
  test.each<[PageArguments, { limit: number; direction: string; cursor: unknown }]>([
    [{}, { limit: 24, direction: 'forward', cursor: null }],
    [
      { first: null, after: null, last: null, before: null },
      { limit: 24, direction: 'forward', cursor: null },
    ],
    [{ first: 10 }, { limit: 10, direction: 'forward', cursor: null }],
    [{ first: 0 }, { limit: 0, direction: 'forward', cursor: null }],
    [
      { first: 100, after: cursor },
      { limit: 100, direction: 'forward', cursor: [4299n, 'product_1'] },
    ],
    [{ after: cursor }, { limit: 24, direction: 'forward', cursor: [4299n, 'product_1'] }],
    [{ last: 5 }, { limit: 5, direction: 'backward', cursor: null }],
    [
      { last: 5, before: cursor },
      { limit: 5, direction: 'backward', cursor: [4299n, 'product_1'] },
    ],
    [{ before: cursor }, { limit: 24, direction: 'backward', cursor: [4299n, 'product_1'] }],
  ])('reads %o', (args, page) => {
    expect(readPageArguments(args, { sort: byPrice })).toEqual({ sort: byPrice, ...page });
  });

  test('takes other limits', () => {
    expect(readPageArguments({}, { sort: byPrice, default: 7 }).limit).toBe(7);
    expect(readPageArguments({}, { sort: byPrice, max: 10 }).limit).toBe(10);
    expect(refusal({ first: 11 }, { max: 10 }).message).toContain('`first` must be at most 10, not 11');
  });

  test.each<[PageArguments, string, string]>([
    [{ first: -1 }, 'first', 'from 0 to 100, not -1'],
    [{ last: -1 }, 'last', 'from 0 to 100, not -1'],
    [{ first: 101 }, 'first', 'at most 100, not 101'],
    [{ last: 2_147_483_647 }, 'last', 'at most 100'],
    [{ first: 1, last: 1 }, 'last', 'together with `first`'],
    [{ first: 1, before: cursor }, 'before', 'goes with `last`'],
    [{ last: 1, after: cursor }, 'after', 'goes with `first`'],
    [{ after: cursor, before: cursor }, 'before', 'together with `after`'],
    [{ after: encodeCursor({ ...byPrice, name: 'NEWEST' }, [1n, 'x']) }, 'after', 'another sort order'],
    [{ before: '' }, 'before', 'not a cursor'],
    [{ after: '!!!' }, 'after', 'not a cursor'],
    [{ after: 'bm90IGpzb24' }, 'after', 'not a cursor'],
    [{ after: `${cursor}=` }, 'after', 'not a cursor'],
    [{ after: cursor.slice(0, -3) }, 'after', 'not a cursor'],
    [{ after: 'a'.repeat(100_000) }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', '4299') }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', '4299', 'x', 'y') }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', 4299, 'x') }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', '9223372036854775808', 'x') }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', '1', 'nul\0') }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', null, 'x') }, 'after', 'not a cursor'],
    [{ after: forged('PRICE', { toString: 'x' }, 'x') }, 'after', 'not a cursor'],
    [{ after: forged(['PRICE'], '1', 'x') }, 'after', 'not a cursor'],
  ])('refuses %o', (args, argument, sentence) => {
    const error = refusal(args);

    expect(error.message).toContain(`\`${argument}\``);
    expect(error.message).toContain(sentence);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
  });
});

describe('cursors', () => {
  test.each(['2024-02-30T00:00:00.000Z', '2024-13-01T00:00:00.000Z', '0000-01-01T00:00:00.000Z', 'now', '2024-01-01'])(
    'the instant %s is refused',
    (instant) => {
      expect(decodeCursor(everything, forged('EVERYTHING', 'a', 1, '1', 1, true, instant)).kind).toBe('garbage');
    },
  );

  test('every kind of value comes back as it went, in url-safe letters', () => {
    const values = fc.tuple(
      fc.option(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''))),
      fc.integer(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.boolean(),
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    );

    fc.assert(
      fc.property(values, ([text, int, big, float, flag, date]) => {
        const encoded = encodeCursor(everything, [text, int, big, float, flag, date]);

        expect(encoded).toMatch(/^[\w-]+$/);
        expect(decodeCursor(everything, encoded)).toEqual({
          kind: 'ok',
          values: [text, int, big, float === 0 ? 0 : float, flag, date.toISOString()],
        });
      }),
    );
  });

  test('nothing a client sends makes the decoder throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.array(fc.jsonValue()).map((v) => forged(...v)),
        ),
        (text) => {
          expect(['garbage', 'other-sort']).toContain(decodeCursor(byPrice, text).kind);
        },
      ),
    );
  });

  test('a value of another type is a bug and throws', () => {
    expect(() => encodeCursor(byPrice, [42.99, 'x'])).toThrow('Order PRICE: 42.99 is not of type bigint.');
    expect(() => encodeCursor(byPrice, [1n])).toThrow('Order PRICE has 2 columns, not 1.');
    expect(() => encodeCursor(byPrice, [null, 'x'])).toThrow(TypeError);
    expect(() => encodeCursor(everything, [null, 1, 1n, 1, true, new Date(Number.NaN)])).toThrow(TypeError);
  });
});

function refusal(args: PageArguments, limits: { max?: number } = {}): GraphQLError {
  try {
    readPageArguments(args, { sort: byPrice, ...limits });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  throw new Error('The arguments were taken.');
}
