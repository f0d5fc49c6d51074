import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finished, importAll, readImport, startImport, tryToImport } from './support/imports.ts';
import { editor, openShop, type Shop, shopper } from './support/shop.ts';

let shop: Shop;
let worker: { stop(): Promise<void> };
const fixture = readFileSync(new URL('./fixtures/shopify.csv', import.meta.url), 'utf8');
const header = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price';

beforeAll(async () => {
  shop = await openShop();
  worker = await shop.subgraph.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await shop.close();
});

const everything = () =>
  shop.sql(`SELECT (SELECT json_agg(p ORDER BY id) FROM product p)::text AS products,
    (SELECT json_agg(v ORDER BY id) FROM product_variant v)::text AS variants,
    (SELECT json_agg(c ORDER BY variant_id, currency) FROM variant_price c)::text AS prices,
    (SELECT count(*)::int FROM outbox_event) AS events`);

const openingStock = async () =>
  (
    await shop.sql<{ lines: { sku: string; quantity: number }[] }>(
      "SELECT payload->'lines' AS lines FROM outbox_event WHERE name = 'openingStock.imported' ORDER BY occurred_at, id",
    )
  ).map(({ lines }) => lines);

describe('a file of several kinds of product', () => {
  test('comes in whole', async () => {
    const result = await importAll(shop, { data: fixture, warehouse: 'MAIN' });
    expect(result).toMatchObject({
      status: 'COMPLETED',
      created: 3,
      updated: 0,
      rejected: 0,
      progress: { processed: 5, total: 5 },
      errors: { totalCount: 0 },
    });
    expect(result.finishedAt).not.toBeNull();
  });

  test('with options, weights, prices, pictures in order, and text without its markup', async () => {
    const { product } = await shop.data<{ product: unknown }>(`{ product(handle: "clay-pot") {
      title description vendor status categories { handle title } options { name values } media { altText }
      variants { sku title price { amount } compareAtPrice { amount } weight { value unit } barcode taxClass } } }`);
    expect(product).toEqual({
      title: 'Clay Pot',
      description: 'Fired slowly,\ntwice.\n\n- Frost & sun',
      vendor: 'Rustic LTD',
      status: 'ACTIVE',
      categories: [{ handle: 'outdoor', title: 'Outdoor' }],
      options: [
        { name: 'Size', values: ['Regular', 'Large'] },
        { name: 'Colour', values: ['Red', 'Dark Blue'] },
      ],
      media: [{ altText: null }, { altText: 'A pot' }, { altText: 'Three pots' }],
      variants: [
        {
          sku: 'POT-R',
          title: 'Regular / Red',
          price: { amount: '9.99' },
          compareAtPrice: { amount: '12.00' },
          weight: { value: 1.5, unit: 'KILOGRAM' },
          barcode: '4006381333931',
          taxClass: 'standard',
        },
        {
          sku: 'clay-pot-large-dark-blue',
          title: 'Large / Dark Blue',
          price: { amount: '15.99' },
          compareAtPrice: null,
          weight: { value: 2.5, unit: 'KILOGRAM' },
          barcode: null,
          taxClass: 'standard',
        },
      ],
    });
  });

  test('one variant without options takes the handle for its sku', async () => {
    const { product } = await shop.data<{ product: unknown }>(`{ product(handle: "sofa") { description options { name }
      variants { sku title taxClass weight { value } selectedOptions { name } } } }`);
    expect(product).toEqual({
      description: 'Two lines, in quotes',
      options: [],
      variants: [{ sku: 'sofa', title: 'Cream Sofa', taxClass: 'exempt', weight: null, selectedOptions: [] }],
    });
  });

  test('what is not published is not on sale', async () => {
    const lamp = '{ product(handle: "hidden") { status variants { compareAtPrice { amount } } } }';
    expect(await shop.data(lamp, {}, shopper)).toEqual({ product: null });
    expect(await shop.data(lamp, {}, editor)).toEqual({
      product: { status: 'DRAFT', variants: [{ compareAtPrice: null }] },
    });
  });

  test('is found', async () => {
    const { products } = await shop.data<{ products: { nodes: unknown[] } }>(
      '{ products(search: "plants") { nodes { handle } } }',
    );
    expect(products.nodes).toEqual([{ handle: 'clay-pot' }]);
  });

  test('tells the opening stock once, and changes nothing the second time', async () => {
    expect(await openingStock()).toEqual([
      [
        { sku: 'POT-R', quantity: 7 },
        { sku: 'sofa', quantity: 4 },
      ],
    ]);
    const before = await everything();
    expect(await importAll(shop, { data: fixture, warehouse: 'MAIN' })).toMatchObject({
      created: 0,
      updated: 0,
      rejected: 0,
    });
    expect(await everything()).toEqual(before);
  });

  test('with other line ends and a byte order mark it is the same file', async () => {
    const before = await everything();
    const data = `\uFEFF${fixture.replaceAll('\n', '\r\n').replace('Two\r\nlines', 'Two\nlines')}`;
    expect(await importAll(shop, { data })).toMatchObject({ created: 0, updated: 0, rejected: 0 });
    expect(await everything()).toEqual(before);
  });

  test('changes what it says and leaves the rest', async () => {
    const data = 'Handle,Title,Variant SKU,Variant Price\nclay-pot,Clay Pot No. 2,POT-R,10.99\n';
    expect(await importAll(shop, { data })).toMatchObject({ created: 0, updated: 1, rejected: 0 });
    const { product } = await shop.data<{
      product: unknown;
    }>(`{ product(handle: "clay-pot") { title vendor media { altText }
      options { values } variants { sku price { amount } selectedOptions { value } weight { value } } } }`);
    expect(product).toMatchObject({
      title: 'Clay Pot No. 2',
      vendor: 'Rustic LTD',
      media: [{}, {}, {}],
      options: [{ values: ['Regular', 'Large'] }, { values: ['Red', 'Dark Blue'] }],
      variants: [
        {
          sku: 'POT-R',
          price: { amount: '10.99' },
          selectedOptions: [{ value: 'Regular' }, { value: 'Red' }],
          weight: { value: 1.5 },
        },
        { sku: 'clay-pot-large-dark-blue', price: { amount: '15.99' } },
      ],
    });
    const [event] = await shop.sql("SELECT version FROM outbox_event WHERE name = 'product.updated'");
    expect(event).toEqual({ version: 2 });
  });
});

describe('bad rows', () => {
  test('are named with line, column and value, and the others come in', async () => {
    const data = [
      header,
      'jug,Jug,Size,S,JUG-S,1,9.99',
      'jug,,,M,JUG-M,1,cheap',
      'jug,,,L,JUG-L,-3,9.99',
      ',Nameless,Title,Default Title,,1,1.00',
      'short,Short',
      'Big Handle,Big,Title,Default Title,,1,1.00',
      'untitled,,Title,Default Title,,1,1.00',
      '"multi","Multi',
      'line",Title,Default Title,,1,1.005',
      'pot-r,Stolen,Title,Default Title,POT-R,1,1.00',
      'jug,Jug again,Size,XL,,1,1.00',
      'fine,Fine,Title,Default Title,,1,1.00',
    ].join('\n');
    const result = await importAll(shop, { data });
    expect(result).toMatchObject({
      status: 'COMPLETED',
      created: 2,
      rejected: 9,
      progress: { processed: 11, total: 11 },
    });
    expect(result.errors.nodes.map(({ line, column, value }) => [line, column, value])).toEqual([
      [3, 'Variant Price', 'cheap'],
      [4, 'Variant Inventory Qty', '-3'],
      [5, 'Handle', ''],
      [6, null, 'short'],
      [7, 'Handle', 'Big Handle'],
      [8, 'Title', ''],
      [9, 'Variant Price', '1.005'],
      [11, 'Variant SKU', 'POT-R'],
      [12, 'Handle', 'jug'],
    ]);
    const { product } = await shop.data<{ product: unknown }>(
      '{ product(handle: "jug") { options { values } variants { sku } } }',
    );
    expect(product).toEqual({ options: [{ values: ['S'] }], variants: [{ sku: 'JUG-S' }] });
  });

  test('a mistake in what is of the product refuses all its rows', async () => {
    const data = [`${header},Published`, 'vase,Vase,Size,S,,1,1.00,maybe', 'vase,,,L,,1,2.00,'].join('\n');
    const result = await importAll(shop, { data });
    expect(result).toMatchObject({ created: 0, rejected: 2 });
    expect(result.errors.nodes).toMatchObject([
      { line: 2, column: 'Published', value: 'maybe' },
      { line: 3, column: null, message: 'The row is refused with its product; see line 2.' },
    ]);
  });

  test('long values are cut, and the errors come page by page', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `bad-${n},Bad,Title,Default Title,,1,${'x'.repeat(300)}`);
    const id = await startImport(shop, { data: [header, ...rows].join('\n') });
    const { errors } = await finished(shop, id);
    expect(errors.totalCount).toBe(120);
    expect(errors.nodes).toHaveLength(100);
    expect(errors.nodes[0]?.value).toHaveLength(200);
  });
});

describe('files that are refused whole', () => {
  const good = `${header}\nnever,Never,Title,Default Title,,1,1.00`;
  test.each<[string, string, number | null, string]>([
    ['a quote that is never closed', `${good}\ncut,"Cut,Title,Default Title,,1,1.00\nmore,More,,,,,\n`, 3, 'cut short'],
    ['a last record with too few columns', `${good}\ncut,Cut,Tit`, 3, 'cut short'],
    ['text after a closing quote', `${good}\n"a"b,Cut,Title,Default Title,,1,1.00\n`, 3, 'double the quotes'],
    ['missing columns', 'Handle,Name\na,b\n', 1, '"Title", "Variant Price"'],
    ['semicolons', 'Handle;Title;Variant Price\na;b;1\n', 1, 'Separate columns by commas'],
    ['nothing', '', null, 'empty'],
    ['a zero byte', `${good}\n\u0000`, 3, 'zero byte'],
  ])('%s', async (_what, data, line, message) => {
    const before = await everything();
    const { import: started, userErrors } = await tryToImport(shop, { data });
    expect(started).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'data'], line }]);
    expect(userErrors[0]?.message).toContain(message);
    expect(await everything()).toEqual(before);
  });
});

test.each<[string, Record<string, unknown>, string[], string]>([
  ['neither data nor upload', {}, ['input', 'data'], 'and not both'],
  ['both', { data: 'a', uploadId: 'b' }, ['input', 'data'], 'and not both'],
  ['too much data', { data: 'x'.repeat(1024 * 1024 + 1) }, ['input', 'data'], 'POST /uploads/catalog'],
  ['an upload there is not', { uploadId: 'upload_1' }, ['input', 'uploadId'], 'none of an upload'],
  ['a currency there is not', { data: 'a', currency: 'ZZZ' }, ['input', 'currency'], 'ISO 4217'],
  ['a warehouse that cannot be', { data: 'a', warehouse: '' }, ['input', 'warehouse'], 'code of a warehouse'],
])('%s is refused', async (_what, input, path, message) => {
  const { userErrors } = await tryToImport(shop, input);
  expect(userErrors).toMatchObject([{ __typename: 'InvalidInputError', path }]);
  expect(userErrors[0]?.message).toContain(message);
});

test('a dry run reports the same and changes nothing', async () => {
  const data = `${header}\ndry,Dry,Title,Default Title,,5,1.00\nwrong,Wrong,Title,Default Title,,5,x\nsame-sku,Same,Title,Default Title,dry,1,1.00`;
  const before = await everything();
  expect(await importAll(shop, { data, dryRun: true, warehouse: 'MAIN' })).toMatchObject({ created: 1, rejected: 2 });
  expect(await everything()).toEqual(before);
});

test('only staff of the catalog watch an import', async () => {
  const id = await startImport(shop, { data: fixture });
  await finished(shop, id);
  expect((await readImport(shop, id)).status).toBe('COMPLETED');
  const { errors } = await shop.ask('query ($id: ID!) { catalogImport(id: $id) { status } }', { id }, shopper);
  expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
});
