import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from './support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const content = (sql: Shop['sql']) =>
  sql(`SELECT (SELECT json_agg(p ORDER BY id) FROM product p)::text AS products,
    (SELECT json_agg(m ORDER BY id) FROM product_media m)::text AS media,
    (SELECT count(*)::int FROM outbox_event) AS events, (SELECT count(*)::int FROM product_variant) AS variants,
    (SELECT count(*)::int FROM category) AS categories, (SELECT count(*)::int FROM product_collection) AS collected`);

test('the example shop goes in whole, and a second time changes nothing', async () => {
  await shop.subgraph.seed();
  const [first] = await content(shop.sql);
  expect(first?.variants).toBeGreaterThanOrEqual(180);
  expect(first?.collected).toBeGreaterThan(20);
  await shop.subgraph.seed();
  expect((await content(shop.sql))[0]).toEqual(first);

  const { products, categories } = await shop.data<{
    products: { totalCount: number; nodes: { handle: string; featuredImage: { url: string; width: number } }[] };
    categories: { handle: string; children: { handle: string; productCount: number }[] }[];
  }>(`{ products(first: 100) { totalCount nodes { handle featuredImage { url width } } }
    categories { handle children { handle productCount } } }`);
  expect(products.totalCount).toBeGreaterThanOrEqual(60);
  for (const { featuredImage } of products.nodes) {
    expect(featuredImage.url).toMatch(/\/media\/[0-9a-f]{64}\.svg$/);
    expect(featuredImage.width).toBeGreaterThan(0);
  }
  expect(products.nodes[0]?.handle).toBe('stoneware-mug');
  for (const { children } of categories) for (const child of children) expect(child.productCount).toBeGreaterThan(0);
});
