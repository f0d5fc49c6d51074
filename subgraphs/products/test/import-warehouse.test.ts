import { createSubgraph as createInventory } from '@mercato/inventory';
import type { Subgraph } from '@mercato/subgraph-server';
import { type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryToImport } from './support/imports.ts';
import { openShop, type Shop } from './support/shop.ts';

// With the real inventory beside it, which may be away.
let forInventory: TestDependencies;
let inventory: Subgraph;
let isAway = false;
let shop: Shop;

beforeAll(async () => {
  forInventory = await testDependencies('inventory');
  inventory = await createInventory(forInventory);
  await inventory.seed();
  shop = await openShop({}, (name) => (name === 'inventory' && !isAway ? inventory : undefined));
});
afterAll(async () => {
  await shop.close();
  await inventory.close();
  await forInventory.close();
});

const start = (warehouse: string) =>
  tryToImport(shop, { data: 'Handle,Title,Variant Price\nthing,Thing,1.00\n', warehouse });

test('opening stock goes to a warehouse that inventory knows', async () => {
  expect(await start('MAIN')).toMatchObject({ import: { status: 'QUEUED' }, userErrors: [] });
});

test('a warehouse that inventory does not know is refused, and nothing is kept of the call', async () => {
  const kept = () => shop.sql('SELECT (SELECT count(*) FROM catalog_import), (SELECT count(*) FROM catalog_upload)');
  const before = await kept();
  expect(await start('NOPE')).toEqual({
    import: null,
    userErrors: [
      {
        __typename: 'InvalidInputError',
        message:
          'warehouse must be the code of a warehouse, and there is no "NOPE"; leave it out to pass over the quantities.',
        path: ['input', 'warehouse'],
      },
    ],
  });
  expect(await kept()).toEqual(before);
});

test('while inventory cannot answer the import goes on', async () => {
  isAway = true;
  expect(await start('NOPE')).toMatchObject({ import: { status: 'QUEUED' }, userErrors: [] });
});
