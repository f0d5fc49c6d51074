import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { askData, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadStores } from '../src/load-stores.ts';
import { createSubgraph } from '../src/subgraph.ts';
import { firstRunEnded, reconcile } from './reconciling.ts';
import { countStatements } from './statements.ts';
import { reserve } from './stock.ts';

const storeCount = 1_200;
const skus = ['TV', 'RADIO', 'CABLE'];

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;
let folder: string;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph({ ...dependencies, reconciliationEveryMs: 3_600_000 });
  folder = await mkdtemp(join(tmpdir(), 'mercato-stores-'));
  const stores = Array.from({ length: storeCount }, (_, n) => ({
    id: n,
    name: `Store ${n}`,
    address: `${n} Main Street`,
    address2: '',
    city: 'Bloomington',
    state: 'MN',
    zip: '55425',
    location: { lat: 44.8, lon: -93.2 },
  }));
  await writeFile(join(folder, 'stores.json'), JSON.stringify(stores));
});
afterAll(async () => {
  await worker?.stop();
  await inventory.close();
  await dependencies.close();
  await rm(folder, { recursive: true });
});

const load = () =>
  loadStores({
    databaseUrl: dependencies.databaseUrl,
    storesFile: join(folder, 'stores.json'),
    skus,
    onHand: 2,
    firstPriority: 1_000,
  });

test('a chain of stores is loaded once, however often', async () => {
  expect(await load()).toEqual({ stores: storeCount, levels: storeCount * skus.length });
  expect(await load()).toEqual({ stores: storeCount, levels: 0 });
});

test('an order is served from one store, a large one from as many as it takes', async () => {
  const one = await reserve(inventory, {
    orderId: 'one',
    lines: skus.map((sku) => ({ sku, quantity: 2 })),
    country: 'US',
  });
  expect(new Set(one.reservation?.lines.map(({ warehouse }) => warehouse.code))).toEqual(new Set(['STORE-0']));
  const many = await reserve(inventory, { orderId: 'many', lines: [{ sku: 'TV', quantity: 199 }], country: 'US' });
  expect(many.reservation?.lines).toHaveLength(100);
  const all = await reserve(inventory, {
    orderId: 'all',
    lines: [{ sku: 'TV', quantity: 2 * storeCount }],
    country: 'US',
  });
  expect(all.userErrors).toMatchObject([{ __typename: 'InsufficientStockError', available: 2 * storeCount - 201 }]);
});

test('availability over all stores still costs one statement', async () => {
  const { result, statements } = await countStatements(dependencies, () =>
    askData<{ _entities: unknown[] }>(
      inventory,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on ProductVariant { availability { status quantityAvailable } } } }`,
      { representations: skus.map((sku) => ({ __typename: 'ProductVariant', sku })) },
    ),
  );
  expect(statements).toHaveLength(1);
  expect(result._entities).toHaveLength(3);
});

test('a run over all of it finds nothing', async () => {
  worker = await inventory.startWorker();
  await firstRunEnded(inventory);
  const run = await reconcile(inventory);
  expect(run).toMatchObject({ status: 'COMPLETED', progress: { scanned: storeCount * skus.length } });
  expect(run.discrepancies.nodes).toEqual([]);
});
