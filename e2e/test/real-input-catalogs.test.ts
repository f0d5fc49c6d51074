import { subgraphs } from '@mercato/schema';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../src/catalog.ts';
import type { Client } from '../src/client.ts';
import { catalogEditor, importCatalog, startImport, uploadCatalog } from '../src/imports.ts';
import { sampleData } from '../src/sample-data.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const apparelFile = 'shopify-apparel.csv';
const homeFile = 'shopify-home-and-garden.csv';
const real = sampleData('Catalogs of real shops', [apparelFile, homeFile]);

let shop: SupergraphUnderTest;
let editor: Client;
let catalog: Catalog;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded' });
  editor = await catalogEditor(shop);
  catalog = catalogOf(shop);
});
afterAll(() => shop?.stop());

/** What is known of all products, variants, and pictures, to see that nothing changes. */
const everything = () =>
  shop.sql(
    'products',
    `SELECT (SELECT count(*)::int FROM product) AS products, (SELECT count(*)::int FROM product_variant) AS variants,
       (SELECT sum(version)::int FROM product) AS versions, (SELECT count(*)::int FROM product_media) AS pictures`,
  );

const movements = async (): Promise<number> =>
  (await shop.sql<{ count: number }>('inventory', 'SELECT count(*)::int FROM stock_movement'))[0]?.count ?? 0;

describe('catalog files', () => {
  const header = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price';
  const text = [
    header,
    'linen-cap,Linen cap,Size,S,,4,24.00',
    'linen-cap,,,L,,0,26.00',
    'wool-cap,Wool cap,,,,2,wool',
  ].join('\n');

  test('a bad row is told with line, column and value, and the others come in', async () => {
    expect(await importCatalog(editor, { data: text })).toMatchObject({
      status: 'COMPLETED',
      progress: { processed: 3, total: 3 },
      created: 1,
      rejected: 1,
      errors: { totalCount: 1, nodes: [{ line: 4, column: 'Variant Price', value: 'wool' }] },
    });
    expect(await catalog.page('wool-cap')).toBeNull();
    await expect
      .poll(() => catalog.availability('linen-cap'), { timeout: 20_000 })
      .toMatchObject([
        { sku: 'linen-cap-s', quantityAvailable: 4 },
        { sku: 'linen-cap-l', status: 'OUT_OF_STOCK' },
      ]);
  });

  test('JSON Lines come in with their stock, once', async () => {
    const data = ['straw', 'felt']
      .map((name) => ({
        handle: `${name}-hat`,
        title: `Hat of ${name}`,
        categories: ['kitchen'],
        variants: [{ sku: `HAT-${name.toUpperCase()}`, price: '39.90', quantity: 3 }],
      }))
      .map((product) => JSON.stringify(product))
      .join('\n');
    const jsonLines = { format: 'JSON_LINES', data };
    expect(await importCatalog(editor, jsonLines)).toMatchObject({ status: 'COMPLETED', created: 2, rejected: 0 });
    await expect
      .poll(() => catalog.availability('felt-hat'), { timeout: 20_000 })
      .toMatchObject([{ sku: 'HAT-FELT', quantityAvailable: 3 }]);
    expect(await importCatalog(editor, jsonLines)).toMatchObject({ created: 0, updated: 0, rejected: 0 });
    const uploadId = await uploadCatalog(shop, Buffer.from(`${data.replace('39.90', '35.00')}\n{"handle":"straw-hat"`));
    const { userErrors } = await startImport(editor, { format: 'JSON_LINES', uploadId });
    expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'uploadId'] }]);
    expect(await catalog.page('straw-hat')).toMatchObject({ variants: [{ price: { amount: '39.90' } }] });
  });

  test.each([
    ['latin-1', Buffer.from(text.replace('Linen', 'Léger'), 'latin1')],
    ['UTF-16', Buffer.from(text, 'utf16le')],
  ])('a file in %s is refused whole', async (_encoding, content) => {
    const before = await everything();
    const { import: started, userErrors } = await startImport(editor, { uploadId: await uploadCatalog(shop, content) });
    expect(started).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'uploadId'] }]);
    expect(await everything()).toEqual(before);
  });
});

describe.skipIf(!real)('catalogs of real shops', () => {
  const apparel = () => ({ data: real?.read(apparelFile).toString('utf8') ?? '' });
  const home = async () => ({ uploadId: await uploadCatalog(shop, real?.read(homeFile) ?? Buffer.of()) });
  const ofTypeOutdoor = [
    'biodegradable-cardboard-pots',
    'clay-plant-pot',
    'gardening-hand-trowel',
    'wooden-fence',
    'wooden-outdoor-slats',
    'wooden-outdoor-table',
    'yellow-watering-can',
  ];
  let units: number;

  test('come in whole, as data and by upload: every row a variant', async () => {
    const [before] = await everything();
    units = await onHand();
    const whole = { status: 'COMPLETED', created: 20, updated: 0, rejected: 0, errors: { totalCount: 0 } };
    expect(await importCatalog(editor, apparel())).toMatchObject({ ...whole, progress: { processed: 22, total: 22 } });
    expect(await importCatalog(editor, await home())).toMatchObject({
      ...whole,
      progress: { processed: 21, total: 21 },
    });
    const [after] = await everything();
    expect(after?.products - before?.products).toBe(40);
    expect(after?.variants - before?.variants).toBe(43);
  });

  test('their quantities are the opening stock, at once to be seen', async () => {
    await expect.poll(onHand, { timeout: 20_000 }).toBe(units + 22 + 65);
    expect(await catalog.availability('clay-plant-pot')).toMatchObject([
      { sku: 'clay-plant-pot-regular', quantityAvailable: 1 },
      { sku: 'clay-plant-pot-large', quantityAvailable: 3 },
    ]);
    expect(await catalog.availability('pink-armchair')).toMatchObject([{ status: 'OUT_OF_STOCK' }]);
  });

  test('are found, with typing errors, by category and by what is in stock', async () => {
    expect((await catalog.find({ search: 'leather jakcet' }))[0]).toBe('classic-leather-jacket');
    expect(await catalog.find({ search: 'sofa' })).toEqual(
      expect.arrayContaining(['cream-sofa', 'grey-sofa', 'yellow-sofa']),
    );
    // The shop had a category of that name before.
    const outdoor = async (filter: object) =>
      (await catalog.find({ filter: { category: 'outdoor', ...filter }, first: 50 }))
        .filter((handle) => ofTypeOutdoor.includes(handle))
        .sort();
    expect(await outdoor({})).toEqual(ofTypeOutdoor);
    await expect
      .poll(() => outdoor({ inStock: true }), { timeout: 20_000 })
      .toEqual(ofTypeOutdoor.filter((handle) => handle !== 'wooden-outdoor-slats'));
  });

  test('have a picture each, at least the one that stands in', async () => {
    const { featuredImage, media } = (await catalog.page('clay-plant-pot')) ?? {};
    expect(media).toHaveLength(2);
    for (const { url } of [featuredImage, ...(media ?? [])].flatMap((image) => image ?? [])) {
      const { statusCode, headers, body } = await request(url);
      await body.dump();
      expect({ statusCode, type: headers['content-type'] }).toEqual({
        statusCode: 200,
        type: expect.stringMatching(/^image\//),
      });
    }
  });

  test('a second time nothing changes', async () => {
    const [before] = await everything();
    const booked = await movements();
    const same = { status: 'COMPLETED', created: 0, updated: 0, rejected: 0 };
    expect(await importCatalog(editor, apparel())).toMatchObject({ ...same, progress: { processed: 22 } });
    expect(await importCatalog(editor, await home())).toMatchObject({ ...same, progress: { processed: 21 } });
    // Other quantities are no stock that came in.
    const changed = apparel().data.replace(',0,,1,deny,manual,80,', ',0,,9,deny,manual,85,');
    expect(await importCatalog(editor, { data: changed })).toMatchObject({ created: 0, updated: 1, rejected: 0 });
    expect(await importCatalog(editor, apparel())).toMatchObject({ created: 0, updated: 1, rejected: 0 });
    expect((await everything())[0]).toMatchObject({ products: before?.products, variants: before?.variants });
    await untilInventoryHeardOfAll();
    expect(await movements()).toBe(booked);
  });

  test('cut anywhere within a row they are refused whole', async () => {
    const { data } = apparel();
    const before = await everything();
    const rows = data.indexOf('\n') + 1;
    const places = Array.from({ length: 12 }, (_, n) => rows + Math.floor(((n + 1) * (data.length - rows)) / 13));
    for (const place of places.map((place) => withinRow(data, place))) {
      const { import: started, userErrors } = await startImport(editor, { data: data.slice(0, place) });
      expect(started, `cut at ${place}`).toBeNull();
      expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'data'] }]);
    }
    expect(await everything()).toEqual(before);
  });

  /** A row that lacks but its line break is whole. */
  const withinRow = (data: string, place: number) => (/^,?\r?\n/.test(data.slice(place - 1)) ? place - 4 : place);

  async function untilInventoryHeardOfAll(): Promise<void> {
    const heardOf = subgraphs.find(({ name }) => name === 'inventory')?.hears ?? [];
    const told = await shop.sql<{ id: string }>('products', 'SELECT id FROM outbox_event WHERE name = ANY($1)', [
      heardOf,
    ]);
    const heard = async () => {
      const ids = told.map(({ id }) => id);
      const rows = await shop.sql('inventory', 'SELECT 1 FROM inbox_event WHERE event_id = ANY($1)', [ids]);
      return rows.length;
    };
    await expect.poll(heard, { timeout: 20_000 }).toBe(told.length);
  }

  const onHand = async (): Promise<number> =>
    (await shop.sql<{ units: number }>('inventory', 'SELECT sum(on_hand)::int AS units FROM stock_level'))[0]?.units ??
    0;
});
