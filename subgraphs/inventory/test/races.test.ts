import type { Subgraph } from '@mercato/subgraph-server';
import { type TestDependencies, testDependencies } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { levelOf, levelsOf, reserve, staffCall, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph(dependencies);
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST'],
    stock: {
      KETTLE: { MAIN: 10 },
      LAST: { MAIN: 1 },
      SPREAD: { MAIN: 6, EAST: 4 },
      'SPREAD-A': { MAIN: 50, EAST: 50 },
      'SPREAD-B': { MAIN: 50, EAST: 50 },
      LEFT: { MAIN: 1_000 },
      RIGHT: { MAIN: 1_000 },
    },
  });
});
afterAll(async () => {
  await inventory.close();
  await dependencies.close();
});

test('forty shoppers race for ten kettles and ten of them win', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      reserve(inventory, { orderId: `kettle-${n}`, lines: [{ sku: 'KETTLE', quantity: 1 }] }),
    ),
  );

  expect(outcomes.filter(({ reservation }) => reservation?.status === 'HELD')).toHaveLength(10);
  const errors = outcomes.flatMap(({ userErrors }) => userErrors);
  expect(errors).toHaveLength(30);
  expect(new Set(errors.map(({ __typename }) => __typename))).toEqual(new Set(['InsufficientStockError']));
  expect(await levelOf(inventory, 'KETTLE')).toMatchObject({ onHand: 10, reserved: 10, available: 0 });
});

test('of ten buyers of the last unit one wins', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      reserve(inventory, { orderId: `last-${n}`, lines: [{ sku: 'LAST', quantity: 1 }] }),
    ),
  );
  expect(outcomes.filter(({ reservation }) => reservation)).toHaveLength(1);
  expect(await levelOf(inventory, 'LAST')).toMatchObject({ onHand: 1, reserved: 1, available: 0 });
});

test('fifty shoppers race for ten units in two warehouses and none is sold twice', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      reserve(inventory, { orderId: `spread-${n}`, lines: [{ sku: 'SPREAD', quantity: 1 }] }),
    ),
  );
  expect(outcomes.filter(({ reservation }) => reservation)).toHaveLength(10);
  expect((await levelsOf(inventory, 'SPREAD')).map(({ reserved }) => reserved).sort()).toEqual([4, 6]);
});

test('orders that name the same skus in opposite orders all get through', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, n) => {
      const lines = [
        { sku: 'LEFT', quantity: 2 },
        { sku: 'RIGHT', quantity: 3 },
      ];
      return reserve(inventory, { orderId: `crossed-${n}`, lines: n % 2 ? lines : lines.reverse() });
    }),
  );
  expect(outcomes.filter(({ reservation }) => reservation)).toHaveLength(40);
  expect(await levelOf(inventory, 'LEFT')).toMatchObject({ reserved: 80 });
  expect(await levelOf(inventory, 'RIGHT')).toMatchObject({ reserved: 120 });
});

test('the same order reserved twenty times at once is held once', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () =>
      reserve(inventory, { orderId: 'clicked-often', lines: [{ sku: 'LEFT', quantity: 7 }] }),
    ),
  );
  expect(new Set(outcomes.map(({ reservation }) => reservation?.id)).size).toBe(1);
  expect(await levelOf(inventory, 'LEFT')).toMatchObject({ reserved: 87 });
});

test('stock that comes to be after shoppers found no lock to take is not sold to several', async () => {
  const keeper = new pg.Client({ connectionString: dependencies.databaseUrl });
  await keeper.connect();
  try {
    // Choosing a warehouse waits for the keeper; taking the locks of skus, just before, does not.
    await keeper.query('BEGIN; LOCK TABLE warehouse IN ACCESS EXCLUSIVE MODE');
    const racing = Array.from({ length: 8 }, (_, n) =>
      reserve(inventory, { orderId: `new-${n}`, lines: [{ sku: 'NEW', quantity: 2 }] }),
    );
    await expect
      .poll(
        async () =>
          (await keeper.query(`SELECT FROM pg_locks WHERE relation = 'warehouse'::regclass AND NOT granted`)).rowCount,
        {
          timeout: 15_000,
        },
      )
      .toBe(8);
    await keeper.query(`INSERT INTO stock_level (id, sku, warehouse_id, on_hand)
      SELECT 'level_new', 'NEW', id, 3 FROM warehouse WHERE code = 'MAIN'`);
    await keeper.query('COMMIT');
    const outcomes = await Promise.all(racing);
    expect(outcomes.filter(({ reservation }) => reservation).length).toBeLessThanOrEqual(1);
  } finally {
    await keeper.end();
  }
  expect((await levelOf(inventory, 'NEW'))?.available).toBeGreaterThanOrEqual(0);
  expect((await reserve(inventory, { orderId: 'new-later', lines: [{ sku: 'NEW', quantity: 1 }] })).userErrors).toEqual(
    [],
  );
});

test('transfers both ways that name the same skus in opposite orders lose nothing', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, n) => {
      const lines = ['SPREAD-A', 'SPREAD-B'].map((sku) => ({ sku, quantity: 1 }));
      return staffCall<{ userErrors: object[] }>(
        inventory,
        'stockTransfer',
        'StockTransferInput',
        'userErrors { __typename }',
        {
          fromWarehouse: n % 2 ? 'MAIN' : 'EAST',
          toWarehouse: n % 2 ? 'EAST' : 'MAIN',
          lines: n % 3 ? lines : lines.reverse(),
          idempotencyKey: `both-ways-${n}`,
        },
      );
    }),
  );
  expect(outcomes.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  for (const sku of ['SPREAD-A', 'SPREAD-B']) {
    expect((await levelsOf(inventory, sku)).map(({ onHand }) => onHand)).toEqual([50, 50]);
  }
});
