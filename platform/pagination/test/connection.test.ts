import { sqltag as sql } from '@prisma/client/runtime/client';
import { buildSchema, graphql } from 'graphql';
import { describe, expect, test } from 'vitest';
import { connection, type KeysetSort, type PageArguments, readPageArguments } from '../src/index.ts';

const sort: KeysetSort = { name: 'ID', columns: [{ expression: sql`id`, direction: 'asc', type: 'int' }] };
const all = [1, 2, 3, 4, 5].map((id) => ({ id }));

/** What a database would answer, by the request alone. */
function fetch(args: PageArguments, countAll = async () => all.length) {
  const page = readPageArguments(args, { sort });
  const edge = page.cursor?.[0];
  const ordered = page.direction === 'forward' ? all : all.toReversed();
  const behind = ordered.filter(({ id }) => {
    if (typeof edge !== 'number') return true;
    return page.direction === 'forward' ? id > edge : id < edge;
  });
  return connection(behind.slice(0, page.limit + 1), page, (row) => [row.id], countAll);
}

const cursorAt = (id: number) => fetch({ first: 100 }).edges.find(({ node }) => node.id === id)?.cursor ?? '';

describe('connection', () => {
  test.each<[string, PageArguments, number[], { previous: boolean; next: boolean }]>([
    ['the first page', { first: 2 }, [1, 2], { previous: false, next: true }],
    ['a middle page', { first: 2, after: cursorAt(2) }, [3, 4], { previous: true, next: true }],
    ['the last page', { first: 2, after: cursorAt(4) }, [5], { previous: true, next: false }],
    ['a page that just fits', { first: 5 }, [1, 2, 3, 4, 5], { previous: false, next: false }],
    ['a page behind the end', { first: 2, after: cursorAt(5) }, [], { previous: true, next: false }],
    ['the last two', { last: 2 }, [4, 5], { previous: true, next: false }],
    ['two before', { last: 2, before: cursorAt(4) }, [2, 3], { previous: true, next: true }],
    ['backward to the start', { last: 2, before: cursorAt(3) }, [1, 2], { previous: false, next: true }],
    ['no items asked for', { first: 0 }, [], { previous: false, next: true }],
  ])('%s', (_name, args, ids, { previous, next }) => {
    const { nodes, edges, pageInfo } = fetch(args);

    expect(nodes.map(({ id }) => id)).toEqual(ids);
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect(pageInfo).toEqual({
      hasPreviousPage: previous,
      hasNextPage: next,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    });
  });

  test('counts the whole list only when the field is selected, and once', async () => {
    const schema = buildSchema(
      'type Query { things: Things } type Things { totalCount: Int nodes: [Thing] } type Thing { id: Int }',
    );
    let counted = 0;
    const things = () =>
      fetch({ first: 1 }, async () => {
        counted += 1;
        return 5;
      });

    const without = await graphql({ schema, rootValue: { things }, source: '{ things { nodes { id } } }' });
    expect(without.errors).toBeUndefined();
    expect(counted).toBe(0);

    const once = await graphql({
      schema,
      rootValue: { things },
      source: '{ things { totalCount again: totalCount } }',
    });
    expect(once.data).toEqual({ things: { totalCount: 5, again: 5 } });
    expect(counted).toBe(1);
  });
});
