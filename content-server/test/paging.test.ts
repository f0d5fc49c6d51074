import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aContentFolder, numberedFaqs, type RunningServer, startContentServer } from './a-content-server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startContentServer({ dataDir: await aContentFolder({ Faq: numberedFaqs(130) }) });
});
afterAll(() => server.close());

const list = z.object({ faqs: z.array(z.object({ id: z.string(), position: z.int() })) });
const connection = z.object({
  faqsConnection: z.object({
    edges: z.array(z.object({ cursor: z.string(), node: z.object({ id: z.string(), position: z.int() }) })),
    pageInfo: z.object({
      hasNextPage: z.boolean(),
      hasPreviousPage: z.boolean(),
      startCursor: z.string().nullable(),
      endCursor: z.string().nullable(),
      pageSize: z.int(),
    }),
    aggregate: z.object({ count: z.int() }),
  }),
});

const positions = async (args: string): Promise<number[]> => {
  const { data } = await server.ask(`{ faqs${args} { id position } }`);
  return list.parse(data).faqs.map(({ position }) => position);
};

const page = async (args: string) => {
  const { data } = await server.ask(
    `{ faqsConnection(${args}) { edges { cursor node { id position } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor pageSize } aggregate { count } } }`,
  );
  const { edges, pageInfo, aggregate } = connection.parse(data).faqsConnection;
  return { edges, pageInfo, count: aggregate.count, positions: edges.map(({ node }) => node.position) };
};

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('a list without `first` has ten items, oldest first', async () => {
  expect(await positions('')).toEqual(upTo(1, 10));
});

test('a list never has more than a hundred items', async () => {
  expect(await positions('(first: 100)')).toEqual(upTo(1, 100));
  expect(await positions('(first: 1000)')).toEqual(upTo(1, 100));
});

test('`_in` without `first` silently loses what is beyond ten', async () => {
  const wanted = upTo(1, 25);
  expect(await positions(`(where: { position_in: ${JSON.stringify(wanted)} })`)).toHaveLength(10);
  expect(await positions(`(where: { position_in: ${JSON.stringify(wanted)} }, first: 25)`)).toEqual(wanted);
});

describe('pages', () => {
  test('walk forwards through everything by cursor, each item once', async () => {
    const seen: number[] = [];
    let after: string | null = null;
    for (;;) {
      const found: Awaited<ReturnType<typeof page>> = await page(`first: 40${after ? `, after: "${after}"` : ''}`);
      seen.push(...found.positions);
      expect(found.count).toBe(130);
      expect(found.pageInfo.pageSize).toBe(found.edges.length);
      if (!found.pageInfo.hasNextPage) break;
      after = found.pageInfo.endCursor;
    }
    expect(seen).toEqual(upTo(1, 130));
  });

  test('walk backwards from the end', async () => {
    const end = await page('last: 30');
    expect(end.positions).toEqual(upTo(101, 130));
    expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await page(`last: 30, before: "${end.pageInfo.startCursor}"`);
    expect(before.positions).toEqual(upTo(71, 100));
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test("an item's cursor is its id", async () => {
    const { edges, pageInfo } = await page('first: 3, skip: 5');
    expect(edges.map(({ cursor }) => cursor)).toEqual(edges.map(({ node }) => node.id));
    expect(edges.map(({ node }) => node.position)).toEqual([6, 7, 8]);
    expect(pageInfo).toMatchObject({ startCursor: edges[0]?.cursor, endCursor: edges[2]?.cursor, pageSize: 3 });
  });

  test('`skip` goes on from the cursor', async () => {
    const start = await page('first: 2');
    expect((await page(`first: 2, skip: 3, after: "${start.pageInfo.endCursor}"`)).positions).toEqual([6, 7]);
  });

  test('an empty page has no cursors', async () => {
    const { pageInfo, count } = await page('where: { position_gt: 1000 }');
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
      pageSize: 0,
    });
    expect(count).toBe(0);
  });
});

test.each([
  ['first: 5, before: "x"', "'first' and 'before'"],
  ['last: 5, after: "x"', "'last' and 'after'"],
  ['first: 5, last: 5', "'first' and 'last'"],
  ['first: -1', "'first' must not be negative"],
])('refuses %s', async (args, message) => {
  const refused = await server.ask(`{ faqs(${args}) { id } }`);
  expect(refused).toMatchObject({ status: 400, data: null });
  expect(refused.errors[0]?.message).toContain(message);
  expect(refused.requestId).toMatch(/^cl[a-z0-9]{23}$/);
});
