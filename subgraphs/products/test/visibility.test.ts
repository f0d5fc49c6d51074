import type { Viewer } from '@mercato/auth';
import { staff } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProduct, editor, openShop, partner, type Shop, shopper } from './support/shop.ts';

let shop: Shop;
const ids: Record<string, string> = {};
const statuses = ['DRAFT', 'ACTIVE', 'ARCHIVED'];
const reader = staff('catalog:read');
const otherStaff = staff('orders:read');

beforeAll(async () => {
  shop = await openShop();
  for (const status of statuses) {
    const handle = status.toLowerCase();
    const price = { amount: '1.00', currency: 'USD' };
    ids[status] = (await aProduct(shop, { handle, title: 'Mug', status, variants: [{ sku: status, price }] })).id;
  }
});
afterAll(() => shop.close());

const variantIdOf = async (sku: string) =>
  (await shop.sql<{ id: string }>('SELECT id FROM product_variant WHERE sku = $1', [sku]))[0]?.id;

interface Entities {
  _entities: ({ handle?: string; sku?: string; product?: { handle: string } | null } | null)[];
}
const entities = async (representations: Record<string, unknown>[], viewer: Viewer) =>
  (
    await shop.data<Entities>(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Product { handle } ... on ProductVariant { sku product { handle } } } }`,
      { representations },
      viewer,
    )
  )._entities;

const everything = ['active', 'archived', 'draft'];

describe.each<[string, Viewer, string[], string[]]>([
  ['a shopper', shopper, ['active'], ['active']],
  ['a customer', { kind: 'customer', id: 'customer_1', scopes: [] }, ['active'], ['active']],
  ['a partner', partner, ['active'], ['active', 'archived']],
  ['staff without the catalog', otherStaff, ['active'], ['active']],
  ['staff who may read it', reader, everything, everything],
  ['staff who may write it', editor, everything, everything],
])('%s', (_who, viewer, visible, inFeed) => {
  const seen = (status: string) => visible.includes(status.toLowerCase());

  test('finds', async () => {
    const find =
      'query ($filter: ProductFilter, $search: String) { products(filter: $filter, search: $search) { totalCount nodes { handle } } }';
    const handles = async (variables: Record<string, unknown>) => {
      const { products } = await shop.data<{ products: { totalCount: number; nodes: { handle: string }[] } }>(
        find,
        variables,
        viewer,
      );
      expect(products.totalCount).toBe(products.nodes.length);
      return products.nodes.map(({ handle }) => handle).sort();
    };
    expect(await handles({})).toEqual(visible);
    expect(await handles({ search: 'mug' })).toEqual(visible);
    expect(await handles({ filter: { handles: everything } })).toEqual(visible);
    expect(await handles({ filter: { updatedAfter: '2020-01-01T00:00:00Z' } })).toEqual(inFeed);
  });

  test.each(statuses)('opens %s or not', async (status) => {
    const handle = seen(status) ? status.toLowerCase() : undefined;
    const open = 'query ($id: ID, $handle: String) { product(id: $id, handle: $handle) { handle } }';
    const expected = { product: handle === undefined ? null : { handle } };
    expect(await shop.data(open, { id: ids[status] }, viewer)).toEqual(expected);
    expect(await shop.data(open, { handle: status.toLowerCase() }, viewer)).toEqual(expected);
    const byKeys = await entities(
      [
        { __typename: 'Product', id: ids[status] },
        { __typename: 'Product', handle: status.toLowerCase() },
      ],
      viewer,
    );
    expect(byKeys).toEqual(handle === undefined ? [null, null] : [{ handle }, { handle }]);
  });

  test('looks up variants by sku', async () => {
    const { variants } = await shop.data<{ variants: { sku: string }[] }>(
      'query ($skus: [String!]!) { variants(skus: $skus) { sku } }',
      { skus: ['ARCHIVED', 'nothing', 'DRAFT', 'ACTIVE', 'ARCHIVED'] },
      viewer,
    );
    expect(variants.map(({ sku }) => sku)).toEqual(['ARCHIVED', 'DRAFT', 'ACTIVE'].filter(seen));
  });

  test('follows references to variants: retired ones stay, drafts never show', async () => {
    const representations = (
      await Promise.all(statuses.map(async (sku) => [{ sku }, { id: await variantIdOf(sku) }]))
    ).flatMap((keys) => keys.map((key) => ({ __typename: 'ProductVariant', ...key })));
    const [draft, , active, , archived, archivedById] = await entities(representations, viewer);
    expect(draft).toEqual(seen('DRAFT') ? { sku: 'DRAFT', product: { handle: 'draft' } } : null);
    expect(active).toEqual({ sku: 'ACTIVE', product: { handle: 'active' } });
    expect(archived).toEqual({ sku: 'ARCHIVED', product: seen('ARCHIVED') ? { handle: 'archived' } : null });
    expect(archivedById).toEqual(archived);
  });
});

test.each([
  ['{ product { id } }'],
  ['{ product(id: "a", handle: "b") { id } }'],
  ['{ category { id } }'],
  ['{ collection(id: "a", handle: "b") { id } }'],
])('%s asks for exactly one key', async (query) => {
  const { errors } = await shop.ask(query);
  expect(errors?.[0]?.message).toContain('exactly one of id and handle');
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});

test('more than a hundred skus are refused', async () => {
  const skus = Array.from({ length: 101 }, (_, n) => `S-${n}`);
  const { errors } = await shop.ask('query ($skus: [String!]!) { variants(skus: $skus) { sku } }', { skus });
  expect(errors?.[0]?.message).toContain('at most 100');
});
