import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storefront } from './support/operations.ts';
import { openShop, type Shop } from './support/shop.ts';
import { statements } from './support/statements.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.subgraph.seed();
});
afterAll(() => shop.close());

const ask = (query: string, variables: Record<string, unknown> = {}) => shop.data(query, variables);

describe('the product list costs three statements at most', () => {
  const filter = {
    category: 'table',
    vendors: ['Kiln & Ash'],
    priceMin: '10.00',
    priceMax: '500.00',
    options: [{ name: 'Size', values: ['S', 'L'] }],
  };
  test.each<[string, Record<string, unknown>]>([
    ['one product', { first: 1 }],
    ['a page', { first: 24 }],
    ['a full page', { first: 100 }],
    ['a search with all filters', { search: 'mug', filter, sort: 'PRICE_ASC' }],
    ['a search with a typing error', { search: 'stonware mug' }],
  ])('%s', async (_what, variables) => {
    expect(await statements(shop, () => ask(storefront('ProductList'), { currency: 'USD', ...variables }))).toBe(3);
  });

  test('with everything a product has', async () => {
    const query = `{ products(first: 50) { totalCount facets { name } edges { cursor node { id collections { handle } } }
      nodes { id options { name } media { url } categories { handle } priceRange { min { amount } }
        variants { sku price { amount } selectedOptions { name value } weight { value } } } } }`;
    expect(await statements(shop, () => ask(query))).toBe(3);
  });

  test('and two when nobody wants facets', async () => {
    expect(
      await statements(shop, () => ask('{ products(first: 20) { totalCount nodes { handle variants { sku } } } }')),
    ).toBe(2);
  });
});

test('the product page costs two', async () => {
  const page = storefront('ProductPage');
  expect(await statements(shop, () => ask(page, { handle: 'stoneware-mug', currency: 'EUR' }))).toBe(2);
});

test('the category tree costs two, suggestions two', async () => {
  expect(await statements(shop, () => ask(storefront('CategoryTree')))).toBe(2);
  expect(await statements(shop, () => ask(storefront('SearchSuggestions'), { prefix: 'mug' }))).toBe(2);
});

test('references cost one statement a key, however many there are', async () => {
  const rows = await shop.sql<{ id: string; handle: string; sku: string; variant: string }>(
    'SELECT p.id, p.handle, v.sku, v.id AS variant FROM product p JOIN product_variant v ON v.product_id = p.id LIMIT 150',
  );
  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Product { title variants { sku } options { name } } ... on ProductVariant { sku price { amount } } } }`;
  const cost = (representations: Record<string, unknown>[]) =>
    statements(shop, () => ask(entities, { representations }));

  expect(await cost(rows.map(({ id }) => ({ __typename: 'Product', id })))).toBe(1);
  expect(await cost(rows.map(({ handle }) => ({ __typename: 'Product', handle })))).toBe(1);
  expect(await cost(rows.map(({ variant }) => ({ __typename: 'ProductVariant', id: variant })))).toBe(1);
  expect(await cost(rows.map(({ sku }) => ({ __typename: 'ProductVariant', sku })))).toBe(1);
});
