import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { Selection } from '../src/shaping/selection.ts';
import { shape } from '../src/shaping/shape.ts';

const schema = buildSchema(`
  scalar Any
  type Query { count: Int  share: Float  any: Any  counts: [Int!]  item: Item  book: Book }
  interface Item { name: String! }
  type Book implements Item { name: String! }
  type Person { name: String! }
`);

/** What clients get of data. */
function shaped(query: string, data: Record<string, unknown>) {
  const [operation] = parse(query).definitions;
  const root = schema.getQueryType();
  if (operation?.kind !== Kind.OPERATION_DEFINITION || !root) throw new Error('There is nothing to shape.');
  const parts = { schema, fragments: new Map(), included: () => true };
  return shape(new Selection(root, [operation.selectionSet], parts), data);
}

describe('an Int has 32 bits', () => {
  test.each([0, -0, 1, 2 ** 31 - 1, -(2 ** 31)])('%d is one', (count) => {
    expect(shaped('{ count }', { count })).toEqual({ data: { count }, errors: [] });
  });

  test.each([2 ** 31, -(2 ** 31) - 1, 1.5, 1e300, Number.NaN, '1', true])('%s is none', (count) => {
    expect(shaped('{ count }', { count })).toEqual({
      data: { count: null },
      errors: [{ message: 'A value is not of the type Int.', path: ['count'] }],
    });
  });

  test('nor is one in a list, which may hold no null', () => {
    const { data, errors } = shaped('{ counts share }', { counts: [1, 2 ** 32], share: 2 ** 40 });
    expect(data).toEqual({ counts: null, share: 2 ** 40 });
    expect(errors).toEqual([{ message: 'A value is not of the type Int!.', path: ['counts', 1] }]);
  });
});

describe('a scalar of the schema’s own', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);

  test.each([1, 'x', false, { a: [1, { b: null }] }, nested(200)])('is passed on as it is', (any) => {
    expect(shaped('{ any }', { any })).toEqual({ data: { any }, errors: [] });
  });

  test('is none where it lies too deep within itself to be written', () => {
    const { data, errors } = shaped('{ any }', { any: nested(50_000) });
    expect(data).toEqual({ any: null });
    expect(errors).toEqual([{ message: 'A value is not of the type Any.', path: ['any'] }]);
  });
});

describe('an object is of a type that may be there', () => {
  test.each(['{ item { __typename name } }', '{ item: book { __typename name } }'])('%s', (query) => {
    const item = { __typename: 'Book', name: 'Tides' };
    expect(shaped(query, { item })).toEqual({ data: { item }, errors: [] });
    for (const name of ['Person', 'Query', '__Type', 'Any', 'Nothing', 'constructor']) {
      const { data, errors } = shaped(query, { item: { ...item, __typename: name } });
      expect(data).toEqual({ item: null });
      expect(errors).toMatchObject([{ message: expect.stringContaining('is not of the type'), path: ['item'] }]);
    }
  });
});
