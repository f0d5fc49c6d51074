import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importAll, tryToImport } from './support/imports.ts';
import { categories, openShop, type Shop } from './support/shop.ts';

let shop: Shop;
let worker: { stop(): Promise<void> };
const fixture = readFileSync(new URL('./fixtures/catalog.jsonl', import.meta.url), 'utf8');
const format = 'JSON_LINES';

beforeAll(async () => {
  shop = await openShop();
  await categories(shop, 'kitchen', 'kitchen/cups');
  worker = await shop.subgraph.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await shop.close();
});

test('a catalog comes in whole, and a second time changes nothing', async () => {
  expect(await importAll(shop, { format, data: fixture, warehouse: 'MAIN' })).toMatchObject({
    status: 'COMPLETED',
    created: 2,
    rejected: 0,
    progress: { processed: 2, total: 2 },
  });
  const { product } = await shop.data<{ product: unknown }>(`{ product(handle: "mug") { categories { handle }
    variants { sku price { amount } yen: price(currency: "JPY") { amount } compareAtPrice { amount }
      dimensions { length width height unit } weight { value unit } } } }`);
  expect(product).toEqual({
    categories: [{ handle: 'cups' }],
    variants: [
      {
        sku: 'MUG-S',
        price: { amount: '24.00' },
        yen: { amount: '3600' },
        compareAtPrice: { amount: '29.00' },
        dimensions: { length: 125, width: 95, height: 90, unit: 'MILLIMETRE' },
        weight: { value: 380, unit: 'GRAM' },
      },
      { sku: 'mug-l', price: { amount: '29.00' }, yen: null, compareAtPrice: null, dimensions: null, weight: null },
    ],
  });
  const events = await shop.sql('SELECT name FROM outbox_event ORDER BY name');
  expect(events.map(({ name }) => name)).toEqual(['openingStock.imported', 'product.created', 'product.created']);

  expect(await importAll(shop, { format, data: fixture, warehouse: 'MAIN' })).toMatchObject({ created: 0, updated: 0 });
  expect(await shop.sql('SELECT 1 FROM outbox_event')).toHaveLength(3);
});

test('bad lines are named with property and value, and the others come in', async () => {
  const lines = [
    { handle: 'good', title: 'Good', variants: [{ price: '1.00' }] },
    { handle: 'price', title: 'Price', variants: [{ price: 1 }] },
    { handle: 'digits', title: 'Digits', variants: [{ price: '1.005' }] },
    { handle: 'yen', title: 'Yen', variants: [{ price: '1', prices: { JPY: '1.5' } }] },
    { handle: 'typo', titel: 'Typo', variants: [{ price: '1.00' }] },
    { handle: 'nowhere', title: 'Nowhere', categories: ['nowhere'], variants: [{ price: '1.00' }] },
    { handle: 'none', title: 'None', variants: [] },
    { handle: 'file', title: 'File', variants: [{ price: '1.00' }], media: [{ file: '../../etc/passwd' }] },
    { handle: 'good', title: 'Good again', variants: [{ price: '1.00' }] },
  ].map((line) => JSON.stringify(line));
  const result = await importAll(shop, {
    format,
    data: [...lines, '{"handle": oops}', lines[0]?.replace('good', 'last')].join('\n'),
  });
  expect(result).toMatchObject({ created: 2, rejected: 9, progress: { processed: 11, total: 11 } });
  expect(result.errors.nodes.map(({ line, column, value }) => [line, column, value])).toEqual([
    [2, 'variants.0.price', '1'],
    [3, 'variants.0.price', '1.005'],
    [4, 'variants.0.prices.JPY', '1.5'],
    [5, null, lines[4]],
    [6, 'categories.0', 'nowhere'],
    [7, 'variants', '[]'],
    [8, 'media.0', '{"file":"../../etc/passwd"}'],
    [9, 'handle', 'good'],
    [10, null, '{"handle": oops}'],
  ]);
  expect(result.errors.nodes[3]?.message).toContain('titel');
});

test('characters that cannot be stored refuse their line only', async () => {
  const product = (handle: string, more: Record<string, unknown> = {}) =>
    JSON.stringify({ handle, title: 'Odd', variants: [{ price: '1.00' }], ...more });
  const result = await importAll(shop, {
    format,
    data: [
      product('odd-fine', { title: '<i>Odd</i> "🍮"' }),
      product('odd\0'),
      product('odd-title', { title: 'a\0b' }),
      product('odd-half', { title: 'a\ud800' }),
      product('odd-category', { categories: ['cups\0'] }),
      product('odd-sku', { variants: [{ price: '1.00', sku: 'A\0' }] }),
      product('odd-picture', { media: [{ url: 'https://example.com/\0.jpg' }] }),
      product('odd-option', {
        options: [{ name: 'Size', values: ['S\u0007'] }],
        variants: [{ price: '1.00', selectedOptions: { Size: 'S\u0007' } }],
      }),
      product('odd-name', { 'tit\0le': 'x' }),
    ].join('\n'),
  });
  expect(result).toMatchObject({ status: 'COMPLETED', created: 1, rejected: 8 });
  expect(result.errors.nodes.map(({ line, column, value }) => [line, column, value])).toMatchObject([
    [2, 'handle', 'odd\uFFFD'],
    [3, 'title', 'a\uFFFDb'],
    [4, 'title', 'a\uFFFD'],
    [5, 'categories.0', 'cups\uFFFD'],
    [6, 'variants.0.sku', 'A\uFFFD'],
    [7, 'media.0.url', 'https://example.com/\uFFFD.jpg'],
    [8, 'options.0.values.0', 'S\u0007'],
    [9, null, expect.stringContaining('odd-name')],
  ]);
  const { product: fine } = await shop.data<{ product: unknown }>('{ product(handle: "odd-fine") { title } }');
  expect(fine).toEqual({ title: '<i>Odd</i> "🍮"' });
});

test('limits are told of by line', async () => {
  const values = Array.from({ length: 251 }, (_, n) => `${n}`);
  const many = {
    handle: 'limit-many',
    title: 'Many',
    options: [{ name: 'Number', values }],
    variants: values.map((value) => ({ price: '1.00', selectedOptions: { Number: value } })),
  };
  const one = (handle: string, variant: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    handle,
    title: 'One',
    variants: [{ price: '1.00', ...variant }],
    ...more,
  });
  const result = await importAll(shop, {
    format,
    data: [
      many,
      one('limit-price', { price: '9'.repeat(20) }),
      one('limit-negative', { price: '-1.00' }),
      one('limit-quantity', { quantity: 3_000_000_000 }),
      one('limit-weight', { weightInGrams: 3_000_000_000 }),
      one('limit-categories', {}, { categories: ['cups', 'cups'] }),
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  });
  expect(result).toMatchObject({ status: 'COMPLETED', created: 0, rejected: 6 });
  expect(result.errors.nodes.map(({ line, column }) => [line, column])).toEqual([
    [1, 'variants'],
    [2, 'variants.0.price'],
    [3, 'variants.0.price'],
    [4, 'variants.0.quantity'],
    [5, 'variants.0.weight'],
    [6, 'categories.1'],
  ]);
});

test.each<[string, string, number | null, string]>([
  ['a last line that is no whole object', `${fixture}{"handle":"cut","ti`, 4, 'cut short'],
  ['another format', 'Handle,Title\na,b\n', 1, 'no JSON Lines'],
  ['nothing', ' \n\n', null, 'empty'],
])('%s is refused whole', async (_what, data, line, message) => {
  const { userErrors } = await tryToImport(shop, { format, data });
  expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', line }]);
  expect(userErrors[0]?.message).toContain(message);
});
