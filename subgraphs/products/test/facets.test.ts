import { afterAll, beforeAll, expect, test } from 'vitest';
import { aProduct, categories, openShop, type Shop } from './support/shop.ts';

let shop: Shop;

interface Faceted {
  products: { facets: { kind: string; name: string; values: { value: string; label: string; count: number }[] }[] };
}

const facets = async (filter: Record<string, unknown> = {}, search: string | null = null) => {
  const { products } = await shop.data<Faceted>(
    `query ($search: String, $filter: ProductFilter) {
      products(search: $search, filter: $filter) { facets { kind name values { value label count } } } }`,
    { filter, search },
  );
  return Object.fromEntries(
    products.facets.map(({ kind, name, values }) => [
      kind === 'OPTION' ? name : kind,
      values.map(({ value, count }) => `${value} ${count}`),
    ]),
  );
};

const shirt = (handle: string, vendor: string, category: string, forms: [size: string, colour: string][]) =>
  aProduct(shop, {
    handle,
    title: `${handle} shirt`,
    vendor,
    categories: [category],
    options: [
      { name: 'Size', values: [...new Set(forms.map(([size]) => size))] },
      { name: 'Colour', values: [...new Set(forms.map(([, colour]) => colour))] },
    ],
    variants: forms.map(([size, colour]) => ({
      sku: `${handle}-${size}-${colour}`,
      price: { amount: '10.00', currency: 'USD' },
      selectedOptions: [
        { name: 'Size', value: size },
        { name: 'Colour', value: colour },
      ],
    })),
  });

beforeAll(async () => {
  shop = await openShop();
  await categories(shop, 'wear', 'wear/shirts', 'wear/coats');
  await shirt('a', 'Loom', 'shirts', [
    ['S', 'red'],
    ['M', 'blue'],
  ]);
  await shirt('b', 'Loom', 'shirts', [['M', 'red']]);
  await shirt('c', 'Wool', 'coats', [['L', 'red']]);
  await shop.sql("UPDATE product SET in_stock = true WHERE handle = 'a'");
});
afterAll(() => shop.close());

test('all of them over all products, most frequent first', async () => {
  expect(await facets()).toEqual({
    CATEGORY: ['wear 3', 'shirts 2', 'coats 1'],
    VENDOR: ['Loom 2', 'Wool 1'],
    Size: ['M 2', 'L 1', 'S 1'],
    Colour: ['red 3', 'blue 1'],
    IN_STOCK: ['true 1'],
  });
});

test('a facet does not feel its own filter, the others do', async () => {
  expect(await facets({ vendors: ['Wool'] })).toEqual({ VENDOR: ['Loom 2', 'Wool 1'] });
  expect(await facets({ category: 'shirts' })).toMatchObject({
    CATEGORY: ['wear 3', 'shirts 2', 'coats 1'],
    Size: ['M 2', 'S 1'],
  });
  expect((await facets({ category: 'shirts' })).VENDOR).toBeUndefined();
});

test('values of one option count where a variant has them together with those of the others', async () => {
  // "a" comes in M, but not in M and red.
  expect(await facets({ options: [{ name: 'Colour', values: ['red'] }] })).toMatchObject({
    Size: ['L 1', 'M 1', 'S 1'],
    Colour: ['red 3', 'blue 1'],
  });
  expect(
    await facets({
      options: [
        { name: 'Colour', values: ['red'] },
        { name: 'Size', values: ['M', 'S'] },
      ],
    }),
  ).toMatchObject({ Size: ['L 1', 'M 1', 'S 1'], Colour: ['red 2', 'blue 1'] });
});

test('what no longer distinguishes is left out', async () => {
  expect(await facets({ handles: ['b'] })).toEqual({});
  expect(await facets({ handles: ['nothing'] })).toEqual({});
});

test('they follow the search', async () => {
  expect(await facets({}, 'coats')).toEqual({});
  expect((await facets({}, 'shirt')).VENDOR).toEqual(['Loom 2', 'Wool 1']);
});

test('in stock stays while it is filtered by', async () => {
  expect((await facets({ inStock: true })).IN_STOCK).toEqual(['true 1']);
});
