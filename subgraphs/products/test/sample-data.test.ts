import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDataFolder } from './support/environment.ts';
import { importAll } from './support/imports.ts';
import { openShop, type Shop } from './support/shop.ts';

const folder = sampleDataFolder();
const files: [string, { rows: number; products: number; variants: number }][] = [
  ['shopify-apparel.csv', { rows: 22, products: 20, variants: 22 }],
  ['shopify-home-and-garden.csv', { rows: 21, products: 20, variants: 21 }],
];
const isThere = folder !== undefined && files.every(([file]) => existsSync(join(folder, file)));
if (!isThere)
  console.warn('The imports of real catalogs are skipped: MERCATO_SAMPLE_DATA names no folder that holds them.');

describe.skipIf(!isThere)('real catalogs', () => {
  let shop: Shop;
  let worker: { stop(): Promise<void> };
  beforeAll(async () => {
    shop = await openShop();
    worker = await shop.subgraph.startWorker();
  });
  afterAll(async () => {
    await worker.stop();
    await shop.close();
  });

  test.each(files)('%s', async (file, { rows, products, variants }) => {
    const count = async () =>
      (
        await shop.sql(
          'SELECT (SELECT count(*)::int FROM product) AS products, (SELECT count(*)::int FROM product_variant) AS variants',
        )
      )[0];
    const before = await count();
    const data = readFileSync(join(folder ?? '', file), 'utf8');
    expect(await importAll(shop, { data, warehouse: 'MAIN' })).toMatchObject({
      status: 'COMPLETED',
      created: products,
      rejected: 0,
      progress: { processed: rows, total: rows },
    });
    expect(await count()).toEqual({ products: before?.products + products, variants: before?.variants + variants });
    expect(await importAll(shop, { data, warehouse: 'MAIN' })).toMatchObject({ created: 0, updated: 0, rejected: 0 });
  });

  test('are found, filtered and counted', async () => {
    const { products } = await shop.data<{
      products: { totalCount: number; facets: { kind: string }[]; nodes: { handle: string }[] };
    }>(
      '{ products(search: "jakcet leather", filter: { priceMax: "100.00" }) { totalCount facets { kind } nodes { handle } } }',
    );
    expect(products.nodes[0]?.handle).toBe('classic-leather-jacket');
    const { category } = await shop.data<{ category: unknown }>(
      '{ category(handle: "outdoor") { title productCount } }',
    );
    expect(category).toEqual({ title: 'Outdoor', productCount: 7 });
    const [stock] = await shop.sql(
      "SELECT sum((l->>'quantity')::int)::int AS units FROM outbox_event, jsonb_array_elements(payload->'lines') l WHERE name = 'openingStock.imported'",
    );
    expect(stock).toEqual({ units: 87 });
  });
});
