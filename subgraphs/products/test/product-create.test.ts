import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aProduct,
  categories,
  createMutation,
  editor,
  openShop,
  type Shop,
  shopper,
  tryToCreate,
} from './support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await categories(shop, 'kitchen', 'kitchen/cups');
});
afterAll(() => shop.close());

const usd = (amount: string) => ({ amount, currency: 'USD' });

test('a product with options, prices, weight and pictures comes back as it was given', async () => {
  await aProduct(shop, {
    handle: 'mug',
    title: 'Mug',
    description: 'Thrown on the wheel.',
    vendor: 'Kiln & Ash',
    categories: ['cups'],
    options: [
      { name: 'Size', values: ['S', 'L'] },
      { name: 'Colour', values: ['Sand', 'Ink'] },
    ],
    variants: [
      {
        sku: 'MUG-S-INK',
        price: usd('24.00'),
        compareAtPrice: usd('29'),
        // Given the other way round than the options stand.
        selectedOptions: [
          { name: 'Colour', value: 'Ink' },
          { name: 'Size', value: 'S' },
        ],
        barcode: '2041000001374',
        weight: { value: 0.38, unit: 'KILOGRAM' },
      },
      {
        sku: 'MUG-L-SAND',
        price: usd('29.50'),
        selectedOptions: [
          { name: 'Size', value: 'L' },
          { name: 'Colour', value: 'Sand' },
        ],
      },
    ],
    media: [{ url: 'https://example.com/mug.jpg', altText: 'A mug' }],
  });

  const { product } = await shop.data<{ product: unknown }>(`{ product(handle: "mug") {
    title description vendor status categories { handle path { handle title } } options { name values }
    priceRange { min { amount currency } max { amount currency } } inYen: priceRange(currency: "JPY") { min { amount } }
    featuredImage { url altText width } media { url(transform: { width: 300, height: 99999, fit: CROP }) }
    variants { sku title price { amount currency } compareAtPrice { amount } euro: price(currency: "EUR") { amount }
      barcode selectedOptions { name value } weight { value unit } dimensions { length } taxClass product { handle } }
  } }`);
  expect(product).toMatchObject({
    title: 'Mug',
    description: 'Thrown on the wheel.',
    vendor: 'Kiln & Ash',
    status: 'ACTIVE',
    categories: [{ handle: 'cups', path: [{ handle: 'kitchen', title: 'Kitchen' }, { handle: 'cups' }] }],
    options: [
      { name: 'Size', values: ['S', 'L'] },
      { name: 'Colour', values: ['Sand', 'Ink'] },
    ],
    priceRange: { min: usd('24.00'), max: usd('29.50') },
    inYen: null,
    featuredImage: { url: 'http://localhost:4000/media/placeholder.svg', altText: 'A mug', width: null },
    media: [{ url: 'http://localhost:4000/media/placeholder.svg?w=300&h=2048&fit=crop' }],
    variants: [
      {
        sku: 'MUG-S-INK',
        title: 'S / Ink',
        price: usd('24.00'),
        compareAtPrice: { amount: '29.00' },
        euro: null,
        barcode: '2041000001374',
        selectedOptions: [
          { name: 'Size', value: 'S' },
          { name: 'Colour', value: 'Ink' },
        ],
        weight: { value: 0.38, unit: 'KILOGRAM' },
        dimensions: null,
        taxClass: 'standard',
        product: { handle: 'mug' },
      },
      { sku: 'MUG-L-SAND', title: 'L / Sand', compareAtPrice: null, weight: null },
    ],
  });

  const [event] = await shop.sql<{ name: string; version: number; payload: unknown }>(
    "SELECT name, version, payload FROM outbox_event WHERE payload->>'handle' = 'mug'",
  );
  expect(event).toMatchObject({
    name: 'product.created',
    version: 1,
    payload: {
      handle: 'mug',
      status: 'ACTIVE',
      variants: [
        {
          sku: 'MUG-S-INK',
          prices: [{ amount: '2400', currency: 'USD' }],
          compareAtPrices: [{ amount: '2900', currency: 'USD' }],
          weightInGrams: 380,
        },
        { sku: 'MUG-L-SAND', compareAtPrices: [], weightInGrams: null },
      ],
    },
  });
});

test('a handle is made from the title', async () => {
  expect(await aProduct(shop, { title: 'Crème Brûlée Set, 2 pcs.' })).toMatchObject({
    handle: 'creme-brulee-set-2-pcs',
  });
});

describe('what is refused, with its path', () => {
  const variant = (change: Record<string, unknown> = {}) => ({ sku: 'X-1', price: usd('1.00'), ...change });
  const sizes = [{ name: 'Size', values: ['S', 'L'] }];
  const sized = (value: string, change: Record<string, unknown> = {}) =>
    variant({ selectedOptions: [{ name: 'Size', value }], ...change });

  test.each<[string, Record<string, unknown>, string]>([
    ['a handle with capitals', { handle: 'Mug' }, 'handle'],
    ['a handle with spaces', { handle: 'my mug' }, 'handle'],
    ['a title nothing can be made of', { title: '!!!' }, 'handle'],
    ['an empty title', { title: ' ', handle: 'empty' }, 'title'],
    ['a title with a control character', { title: 'a\u0000b' }, 'title'],
    ['no variant', { variants: [] }, 'variants'],
    ['too many variants', { variants: Array.from({ length: 251 }, (_, n) => variant({ sku: `V-${n}` })) }, 'variants'],
    ['too many pictures', { media: Array.from({ length: 51 }, () => ({ url: 'https://example.com/a.jpg' })) }, 'media'],
    ['a picture that is no web address', { media: [{ url: 'file:///etc/passwd' }] }, 'media.0.url'],
    ['an empty sku', { variants: [variant({ sku: '' })] }, 'variants.0.sku'],
    ['two variants without options', { variants: [variant(), variant({ sku: 'X-2' })] }, 'variants.1.selectedOptions'],
    ['one sku twice', { options: sizes, variants: [sized('S'), sized('L')] }, 'variants.1.sku'],
    [
      'the same values twice',
      { options: sizes, variants: [sized('S'), sized('S', { sku: 'X-2' })] },
      'variants.1.selectedOptions',
    ],
    ['a value the option has not', { options: sizes, variants: [sized('XL')] }, 'variants.0.selectedOptions.0.value'],
    ['a missing value', { options: sizes, variants: [variant()] }, 'variants.0.selectedOptions'],
    ['an option the product has not', { variants: [sized('S')] }, 'variants.0.selectedOptions.0.name'],
    [
      'an option twice',
      { options: [...sizes, { name: 'size', values: ['M'] }], variants: [sized('S')] },
      'options.1.name',
    ],
    [
      'a value twice',
      { options: [{ name: 'Size', values: ['S', 'S'] }], variants: [sized('S')] },
      'options.0.values.1',
    ],
    [
      'an option without values',
      { options: [{ name: 'Size', values: [] }], variants: [variant()] },
      'options.0.values',
    ],
    ['too many digits', { variants: [variant({ price: usd('1.005') })] }, 'variants.0.price.amount'],
    [
      'digits that yen has not',
      { variants: [variant({ price: { amount: '1.0', currency: 'JPY' } })] },
      'variants.0.price.amount',
    ],
    [
      'a currency there is not',
      { variants: [variant({ price: { amount: '1', currency: 'ZZZ' } })] },
      'variants.0.price.amount',
    ],
    ['a negative price', { variants: [variant({ price: usd('-1.00') })] }, 'variants.0.price.amount'],
    [
      'two currencies in one price',
      { variants: [variant({ compareAtPrice: { amount: '2', currency: 'EUR' } })] },
      'variants.0.compareAtPrice.currency',
    ],
    ['a price beyond all prices', { variants: [variant({ price: usd('99999999999999') })] }, 'variants.0.price.amount'],
    [
      'a weight beyond all parcels',
      { variants: [variant({ weight: { value: 10_001, unit: 'KILOGRAM' } })] },
      'variants.0.weight',
    ],
    ['a negative weight', { variants: [variant({ weight: { value: -1, unit: 'GRAM' } })] }, 'variants.0.weight'],
    ['an unknown category', { categories: ['cups', 'nowhere'] }, 'categories.1'],
    ['a category twice', { categories: ['cups', 'cups'] }, 'categories.1'],
    ['a category with a zero character', { categories: ['cu\u0000ps'] }, 'categories.0'],
    [
      'an option value with half a character',
      { options: [{ name: 'Size', values: ['\ud800'] }], variants: [sized('\ud800')] },
      'options.0.values.0',
    ],
    ['a picture with a zero character', { media: [{ url: 'https://example.com/\u0000.jpg' }] }, 'media.0.url'],
  ])('%s', async (_what, input, path) => {
    const { product, userErrors } = await tryToCreate(shop, { title: 'Refused', ...input });
    expect(product).toBeNull();
    expect(userErrors[0]?.__typename).toBe('InvalidInputError');
    expect(userErrors.map((error) => error.path?.slice(1).join('.'))).toContain(path);
  });

  test('nothing of it is left behind', async () => {
    expect(await shop.sql("SELECT 1 FROM product WHERE title IN ('Refused', ' ', '!!!')")).toEqual([]);
  });
});

test('a taken handle and a taken sku are named', async () => {
  await aProduct(shop, { handle: 'kettle', title: 'Kettle', variants: [{ sku: 'KETTLE', price: usd('80.00') }] });
  const handle = await tryToCreate(shop, { handle: 'kettle', title: 'Other kettle' });
  expect(handle.userErrors).toMatchObject([{ __typename: 'HandleTakenError', path: ['input', 'handle'] }]);
  const sku = await tryToCreate(shop, { handle: 'kettle-2', variants: [{ sku: 'KETTLE', price: usd('1.00') }] });
  expect(sku.userErrors).toMatchObject([{ __typename: 'SkuTakenError', path: ['input', 'variants', '0', 'sku'] }]);
});

test('twenty editors race for one handle and one of them gets it', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      tryToCreate(shop, { handle: 'race', title: 'Race', variants: [{ sku: `RACE-${n}`, price: usd('1.00') }] }),
    ),
  );
  expect(outcomes.filter(({ product }) => product)).toHaveLength(1);
  const errors = outcomes.flatMap(({ userErrors }) => userErrors.map(({ __typename }) => __typename));
  expect(errors).toEqual(Array(19).fill('HandleTakenError'));
  expect(await shop.sql("SELECT 1 FROM outbox_event WHERE payload->>'handle' = 'race'")).toHaveLength(1);
});

test('twenty editors race for one sku and one of them gets it', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      tryToCreate(shop, { handle: `sku-race-${n}`, variants: [{ sku: 'SKU-RACE', price: usd('1.00') }] }),
    ),
  );
  expect(outcomes.filter(({ product }) => product)).toHaveLength(1);
  expect(outcomes.flatMap(({ userErrors }) => userErrors)).toHaveLength(19);
  expect(await shop.sql("SELECT 1 FROM product WHERE handle LIKE 'sku-race-%'")).toHaveLength(1);
});

test('the same key gives the first product again, and another input is told so', async () => {
  const input = { handle: 'once', title: 'Once', idempotencyKey: 'key-1' };
  const repeats = await Promise.all(Array.from({ length: 8 }, () => tryToCreate(shop, input)));
  expect(new Set(repeats.map(({ product }) => product?.id)).size).toBe(1);
  const other = await tryToCreate(shop, { ...input, title: 'Twice' });
  expect(other.userErrors).toMatchObject([{ __typename: 'IdempotencyKeyReusedError' }]);
  // A refusal keeps no key.
  const refused = await tryToCreate(shop, { handle: 'once', title: 'Once', idempotencyKey: 'key-2' });
  expect(refused.userErrors).toMatchObject([{ __typename: 'HandleTakenError' }]);
  expect(await tryToCreate(shop, { handle: 'once-more', title: 'Once more', idempotencyKey: 'key-2' })).toMatchObject({
    userErrors: [],
  });
});

test('only staff who may write the catalog create', async () => {
  const input = { title: 'Mug', variants: [{ sku: 'NO', price: usd('1.00') }] };
  expect((await shop.ask(createMutation, { input }, shopper)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  const reader = { ...editor, scopes: ['catalog:read'] };
  expect((await shop.ask(createMutation, { input }, reader)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
});

test('markup in a title is text like any other', async () => {
  const title = '<b>Bold</b> & "quoted" <script>alert(1)</script> 🍮';
  const { handle } = await aProduct(shop, { title });
  expect(handle).toBe('b-bold-b-quoted-script-alert-1-script');
  const { product, products } = await shop.data<{ product: { title: string }; products: { nodes: unknown[] } }>(
    'query ($handle: String) { product(handle: $handle) { title } products(search: "bold quoted") { nodes { title } } }',
    { handle },
  );
  expect(product.title).toBe(title);
  expect(products.nodes).toEqual([{ title }]);
});

test('250 variants are one product', async () => {
  const values = Array.from({ length: 250 }, (_, n) => `No. ${n}`);
  const { handle } = await aProduct(shop, {
    title: 'Many',
    options: [{ name: 'Number', values }],
    variants: values.map((value, n) => ({
      sku: `MANY-${n}`,
      price: usd('1.00'),
      selectedOptions: [{ name: 'Number', value }],
    })),
  });
  const { product } = await shop.data<{ product: { variants: { title: string }[] } }>(
    'query ($handle: String) { product(handle: $handle) { variants { title } } }',
    { handle },
  );
  expect(product.variants.map(({ title }) => title)).toEqual(values);
});
