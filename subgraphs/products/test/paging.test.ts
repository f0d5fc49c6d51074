import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProduct, editor, openShop, type Shop } from './support/shop.ts';

interface Page {
  products: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
    nodes: { handle: string }[];
    edges: { cursor: string; node: { handle: string } }[];
  };
}

let shop: Shop;
const sorts = ['RELEVANCE', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST', 'TITLE', 'UPDATED_AT'];
const total = 23;

const page = async (args: Record<string, unknown>) =>
  (
    await shop.data<Page>(
      `query ($search: String, $sort: ProductSort, $first: Int, $after: String, $last: Int, $before: String) {
        products(search: $search, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
          totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { handle } edges { cursor node { handle } } } }`,
      args,
    )
  ).products;

/** All handles, page by page, with something done between the pages. */
async function walk(args: Record<string, unknown>, between: (pages: number) => Promise<unknown> = async () => {}) {
  const handles: string[] = [];
  let after: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const { nodes, pageInfo } = await page({ ...args, first: 4, after });
    handles.push(...nodes.map(({ handle }) => handle));
    if (!pageInfo.hasNextPage) return handles;
    after = pageInfo.endCursor;
    await between(pages);
  }
}

beforeAll(async () => {
  shop = await openShop();
  for (let n = 0; n < total; n += 1) {
    await aProduct(shop, {
      handle: `mug-${n}`,
      // Equal titles, prices and scores, so that ties are met on page borders.
      title: `Mug ${'abc'[n % 3]}`,
      variants: [{ sku: `MUG-${n}`, price: { amount: `${10 + (n % 4)}.00`, currency: 'USD' } }],
    });
  }
});
afterAll(() => shop.close());

describe.each([null, 'mug'])('search %s', (search) => {
  test.each(sorts)('%s: every product once, forwards as backwards', async (sort) => {
    const forwards = await walk({ sort, search });
    expect(forwards).toHaveLength(total);
    expect(new Set(forwards).size).toBe(total);

    const backwards: string[] = [];
    let before: string | null = null;
    for (let more = true; more; ) {
      const { nodes, pageInfo } = await page({ sort, search, last: 5, before });
      backwards.unshift(...nodes.map(({ handle }) => handle));
      more = pageInfo.hasPreviousPage;
      before = pageInfo.startCursor;
    }
    expect(backwards).toEqual(forwards);
  });

  test.each(sorts)('%s: rows that come, go and move shift nothing', async (sort) => {
    const before = await walk({ sort, search });
    const [first, , third] = before;
    const walked = await walk({ sort, search }, async (pages) => {
      if (pages !== 2) return;
      // Behind the reader's back: one goes, one comes at either end.
      await shop.sql("UPDATE product SET status = 'DRAFT' WHERE handle = ANY($1)", [[first]]);
      for (const [n, amount] of ['1.00', '99.00'].entries()) {
        await aProduct(shop, {
          handle: `late-${n}`,
          title: n === 0 ? 'Aaa mug' : 'Zzz mug',
          variants: [{ sku: `LATE-${n}`, price: { amount, currency: 'USD' } }],
        });
      }
    });
    const stayed = walked.filter((handle) => !handle.startsWith('late-'));
    expect(stayed).toEqual(before);
    expect(new Set(walked).size).toBe(walked.length);
    expect(third).toBeDefined();
    await shop.sql("DELETE FROM product WHERE handle LIKE 'late-%'");
    await shop.sql("UPDATE product SET status = 'ACTIVE' WHERE handle = $1", [first]);
  });
});

test('a product that is changed while a feed is read comes again at its end', async () => {
  let changed: string | undefined;
  const walked = await walk({ sort: 'UPDATED_AT' }, async (pages) => {
    if (pages !== 1) return;
    const [row] = await shop.sql<{ id: string; handle: string }>(
      'SELECT id, handle FROM product ORDER BY updated_at, id LIMIT 1',
    );
    changed = row?.handle;
    await shop.data(
      'mutation ($input: ProductUpdateInput!) { productUpdate(input: $input) { product { id } } }',
      { input: { id: row?.id, description: 'Changed meanwhile.' } },
      editor,
    );
  });
  expect(walked).toHaveLength(total + 1);
  expect(walked.at(-1)).toBe(changed);
});

test('a page of none tells what there is', async () => {
  const { totalCount, nodes, edges, pageInfo } = await page({ first: 0 });
  expect({ totalCount, nodes, edges }).toEqual({ totalCount: total, nodes: [], edges: [] });
  expect(pageInfo).toMatchObject({ hasNextPage: true, endCursor: null });
});

test('edges and nodes are the same, and the count is of all', async () => {
  const { totalCount, nodes, edges } = await page({ first: 3 });
  expect(totalCount).toBe(total);
  expect(edges.map(({ node }) => node)).toEqual(nodes);
});

test.each([
  [{ first: 101 }, 'at most 100'],
  [{ first: -1 }, 'from 0 to 100'],
  [{ first: 1, last: 1 }, 'cannot be used together'],
  [{ first: 1, after: 'nonsense' }, 'not a cursor of this list'],
])('%j is refused', async (args, sentence) => {
  const { errors } = await shop.ask(
    'query ($first: Int, $last: Int, $after: String) { products(first: $first, last: $last, after: $after) { nodes { id } } }',
    args,
  );
  expect(errors?.[0]?.message).toContain(sentence);
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});

test('a cursor of another order is refused', async () => {
  const { pageInfo } = await page({ first: 2, sort: 'TITLE' });
  const { errors } = await shop.ask(
    'query ($after: String) { products(sort: NEWEST, after: $after) { nodes { id } } }',
    {
      after: pageInfo.endCursor,
    },
  );
  expect(errors?.[0]?.message).toContain('another sort order');
});
