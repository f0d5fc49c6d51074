import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '../src/agreement.ts';
import type { Client } from '../src/client.ts';
import { sampleDataFolder } from '../src/environment.ts';
import { catalogEditor, importCatalog, startImport, uploadCatalog } from '../src/imports.ts';
import { anOrder, dispatchOrder, unitsSold } from '../src/orders.ts';
import { driftedLevels, nothingFound, reconcile, stockKeeper, untilFirstRunEnded } from '../src/reconciliation.ts';
import { sabotage } from '../src/sabotage.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const folder = sampleDataFolder() ?? '';
const isThere = ['shopify-apparel.csv', 'shopify-home-and-garden.csv', 'stores.json'].every(
  (file) => folder !== '' && existsSync(join(folder, file)),
);
if (!isThere)
  console.warn('Catalogs and stores of real shops are skipped: MERCATO_SAMPLE_DATA names no folder that holds them.');

let shop: SupergraphUnderTest;
let editor: Client;
let keeper: Client;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded', inventory: { reconciliationGraceMs: 0 } });
  editor = await catalogEditor(shop);
  keeper = await stockKeeper(shop);
});
afterAll(() => shop?.stop());

interface Page {
  title: string;
  featuredImage: { url: string } | null;
  media: { url: string }[];
  variants: {
    sku: string;
    price: { amount: string } | null;
    availability: { status: string; quantityAvailable: number | null };
  }[];
}

const pageOf = async (handle: string): Promise<Page | null> =>
  (await shop.guest.ask<{ product: Page | null }>('ProductPage', { handle })).product;

const availabilityOf = async (handle: string) =>
  (await pageOf(handle))?.variants.map(({ sku, availability }) => ({ sku, ...availability }));

const handlesFor = async (variables: Record<string, unknown>): Promise<string[]> =>
  (await shop.guest.ask<{ products: { nodes: { handle: string }[] } }>('ProductList', variables)).products.nodes.map(
    ({ handle }) => handle,
  );

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
    expect(await pageOf('wool-cap')).toBeNull();
    await expect
      .poll(() => availabilityOf('linen-cap'), { timeout: 20_000 })
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
      .poll(() => availabilityOf('felt-hat'), { timeout: 20_000 })
      .toMatchObject([{ sku: 'HAT-FELT', quantityAvailable: 3 }]);
    expect(await importCatalog(editor, jsonLines)).toMatchObject({ created: 0, updated: 0, rejected: 0 });
    const uploadId = await uploadCatalog(shop, Buffer.from(`${data.replace('39.90', '35.00')}\n{"handle":"straw-hat"`));
    const { userErrors } = await startImport(editor, { format: 'JSON_LINES', uploadId });
    expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'uploadId'] }]);
    expect(await pageOf('straw-hat')).toMatchObject({ variants: [{ price: { amount: '39.90' } }] });
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

describe.skipIf(!isThere)('catalogs of real shops', () => {
  const read = (file: string) => readFileSync(join(folder, file));
  const apparel = () => ({ data: read('shopify-apparel.csv').toString('utf8') });
  const home = async () => ({ uploadId: await uploadCatalog(shop, read('shopify-home-and-garden.csv')) });
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
    expect(await availabilityOf('clay-plant-pot')).toMatchObject([
      { sku: 'clay-plant-pot-regular', quantityAvailable: 1 },
      { sku: 'clay-plant-pot-large', quantityAvailable: 3 },
    ]);
    expect(await availabilityOf('pink-armchair')).toMatchObject([{ status: 'OUT_OF_STOCK' }]);
  });

  test('are found, with typing errors, by category and by what is in stock', async () => {
    expect((await handlesFor({ search: 'leather jakcet' }))[0]).toBe('classic-leather-jacket');
    expect(await handlesFor({ search: 'sofa' })).toEqual(
      expect.arrayContaining(['cream-sofa', 'grey-sofa', 'yellow-sofa']),
    );
    // The shop had a category of that name before.
    const outdoor = async (filter: object) =>
      (await handlesFor({ filter: { category: 'outdoor', ...filter }, first: 50 }))
        .filter((handle) => ofTypeOutdoor.includes(handle))
        .sort();
    expect(await outdoor({})).toEqual(ofTypeOutdoor);
    await expect
      .poll(() => outdoor({ inStock: true }), { timeout: 20_000 })
      .toEqual(ofTypeOutdoor.filter((handle) => handle !== 'wooden-outdoor-slats'));
  });

  test('have a picture each, at least the one that stands in', async () => {
    const { featuredImage, media } = (await pageOf('clay-plant-pot')) ?? {};
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
    const told = await shop.sql<{ id: string }>('products', 'SELECT id FROM outbox_event');
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

describe.skipIf(!isThere)('a chain of real stores', () => {
  const skus = ['pink-armchair', 'cream-sofa', 'clay-plant-pot-large', 'linen-cap-l'];
  const stores: { id: number; city: string; state: string; location: { lat: number; lon: number } }[] = isThere
    ? JSON.parse(readFileSync(join(folder, 'stores.json'), 'utf8'))
    : [];

  test('comes in as warehouses with stock at each', async () => {
    expect(await load()).toBe(`${stores.length} stores, ${stores.length * skus.length} new levels\n`);
  });

  test('all of it is listed, page by page', async () => {
    interface Listed {
      code: string;
      address: { city: string; region: string };
      location: { latitude: number; longitude: number };
    }
    interface Warehouses {
      warehouses: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: Listed[] };
    }
    const listed = new Map<string, Listed>();
    let after: string | null = null;
    do {
      const page: Warehouses = await keeper.ask<Warehouses>('Warehouses', { after });
      const { nodes, pageInfo, totalCount } = page.warehouses;
      expect(totalCount).toBe(stores.length + 3);
      for (const node of nodes) listed.set(node.code, node);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(listed.size).toBe(stores.length + 3);
    for (const { id, city, state, location } of stores)
      expect(listed.get(`STORE-${id}`)).toMatchObject({
        address: { city, region: state },
        location: { latitude: location.lat, longitude: location.lon },
      });
  });

  test('what lies in stores is for sale', async () => {
    expect(await stockLevelsAt('STORE-1000')).toEqual(skus.toSorted().map((sku) => ({ sku, onHand: 5, available: 5 })));
    // More than shoppers are told of.
    expect(await availabilityOf('pink-armchair')).toEqual([
      { sku: 'pink-armchair', status: 'IN_STOCK', quantityAvailable: null },
    ]);
    const [regular, large] = (await availabilityOf('clay-plant-pot')) ?? [];
    expect(regular).toMatchObject({ quantityAvailable: 1 });
    expect(large).toMatchObject({ status: 'IN_STOCK', quantityAvailable: null });
    const inStock = () => handlesFor({ search: 'pink armchair', filter: { inStock: true } });
    await expect.poll(inStock, { timeout: 20_000 }).toContain('pink-armchair');
  });

  test('an order comes from the shop itself, else from one store, else from as few as come first', async () => {
    const own = await anOrder(shop, 'cream-sofa', 3);
    expect(await sourcesOf(own.id)).toEqual({ MAIN: 3 });
    const one = await anOrder(shop, 'pink-armchair', 3);
    expect(await sourcesOf(one.id)).toEqual({ 'STORE-1000': 3 });
    const several = await anOrder(shop, 'pink-armchair', 12);
    const sources = await sourcesOf(several.id);
    expect(sources).toEqual({ 'STORE-1000': 2, 'STORE-1002': 5, 'STORE-1003': 5 });

    const { shipments } = await dispatchOrder(shop, several);
    expect(shipments).toHaveLength(3);
    await expect.poll(() => unitsSold(shop, 'pink-armchair'), { timeout: 20_000 }).toBe(12);
    const total = stores.length * 5 - 12;
    expect(await everywhere('pink-armchair')).toEqual({ onHand: total, reserved: 3 });
  });

  test('a run over all of it finds nothing, in good time, and what is then off at one store', async () => {
    await untilFirstRunEnded(keeper);
    await expect.poll(() => disagreements(shop), { timeout: 20_000 }).toEqual([]);
    const started = performance.now();
    const run = await reconcile(keeper);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(run).toMatchObject(nothingFound);
    expect(run.progress.scanned).toBeGreaterThan(stores.length * skus.length);
    expect(run.progress.total).toBe(run.progress.scanned);

    await sabotage(shop).changeLevel('cream-sofa', { onHand: 2, reserved: 1 }, 'STORE-1003');
    const again = await reconcile(keeper, { warehouse: 'STORE-1003' });
    expect(again.progress.scanned).toBe(skus.length);
    expect(again.discrepancies).toMatchObject([
      { kind: 'LEDGER_DRIFT', sku: 'cream-sofa', warehouse: { code: 'STORE-1003' }, expected: 7, actual: 5 },
      { kind: 'LEDGER_DRIFT', sku: 'cream-sofa', warehouse: { code: 'STORE-1003' }, expected: 1, actual: 0 },
    ]);
    expect(await driftedLevels(shop)).toEqual([]);
  });

  /** @returns what the program says */
  async function load(): Promise<string> {
    const program = ['--import', 'tsx', 'subgraphs/inventory/src/load-stores.ts'];
    const to = ['--database', shop.databaseUrl('inventory'), '--stores', join(folder, 'stores.json')];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...program, ...to, ...skus.flatMap((sku) => ['--sku', sku])],
      { cwd: join(import.meta.dirname, '../..') },
    );
    return stdout;
  }

  /** Units of an order by the warehouse that has them. */
  const sourcesOf = async (orderId: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await shop.sql<{ code: string; quantity: number }>(
          'inventory',
          `SELECT w.code, l.quantity FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
           JOIN warehouse w ON w.id = l.warehouse_id WHERE r.order_id = $1`,
          [orderId],
        )
      ).map(({ code, quantity }) => [code, quantity]),
    );

  const everywhere = async (sku: string) =>
    (
      await shop.sql(
        'inventory',
        'SELECT sum(on_hand)::int AS "onHand", sum(reserved)::int AS reserved FROM stock_level WHERE sku = $1',
        [sku],
      )
    )[0];

  async function stockLevelsAt(warehouse: string) {
    const { stockLevels } = await keeper.ask<{
      stockLevels: { nodes: { sku: string; onHand: number; available: number }[] };
    }>('StockLevels', { filter: { warehouse } });
    return stockLevels.nodes.map(({ sku, onHand, available }) => ({ sku, onHand, available }));
  }
});
