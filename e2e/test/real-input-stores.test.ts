import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '../src/agreement.ts';
import { type Catalog, catalogOf } from '../src/catalog.ts';
import type { Client } from '../src/client.ts';
import { catalogEditor, importCatalog, uploadCatalog } from '../src/imports.ts';
import { anOrder, dispatchOrder, unitsSold } from '../src/orders.ts';
import { driftedLevels, nothingFound, reconcile, stockKeeper, untilFirstRunEnded } from '../src/reconciliation.ts';
import { sabotage } from '../src/sabotage.ts';
import { sampleData } from '../src/sample-data.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const storesFile = 'stores.json';
const catalogFile = 'shopify-home-and-garden.csv';
const real = sampleData('Stores of a real chain', [storesFile, catalogFile]);

let shop: SupergraphUnderTest;
let keeper: Client;
let catalog: Catalog;

describe.skipIf(!real)('a chain of real stores', () => {
  const skus = ['pink-armchair', 'cream-sofa', 'clay-plant-pot-large', 'vanilla-candle'];
  const stores: { id: number; city: string; state: string; location: { lat: number; lon: number } }[] = real
    ? JSON.parse(real.read(storesFile).toString('utf8'))
    : [];

  beforeAll(async () => {
    shop = await startSupergraph({ topology: 'embedded', inventory: { reconciliationGraceMs: 0 } });
    keeper = await stockKeeper(shop);
    catalog = catalogOf(shop);
  });
  afterAll(() => shop?.stop());

  test('sells what a real catalog brought', async () => {
    const uploadId = await uploadCatalog(shop, real?.read(catalogFile) ?? Buffer.of());
    expect(await importCatalog(await catalogEditor(shop), { uploadId })).toMatchObject({ created: 20, rejected: 0 });
    await expect
      .poll(() => catalog.availability('cream-sofa'), { timeout: 20_000 })
      .toMatchObject([{ sku: 'cream-sofa', quantityAvailable: 4 }]);
  });

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
    expect(await catalog.availability('pink-armchair')).toEqual([
      { sku: 'pink-armchair', status: 'IN_STOCK', quantityAvailable: null },
    ]);
    const [regular, large] = await catalog.availability('clay-plant-pot');
    expect(regular).toMatchObject({ quantityAvailable: 1 });
    expect(large).toMatchObject({ status: 'IN_STOCK', quantityAvailable: null });
    const inStock = () => catalog.find({ search: 'pink armchair', filter: { inStock: true } });
    await expect.poll(inStock, { timeout: 60_000 }).toContain('pink-armchair');
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
    const to = ['--database', shop.databaseUrl('inventory'), '--stores', real?.path(storesFile) ?? ''];
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
