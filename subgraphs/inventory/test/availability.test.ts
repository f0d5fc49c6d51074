import type { Subgraph } from '@mercato/subgraph-server';
import { askData, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { countStatements } from './statements.ts';
import { checkout, inAnHour, levelsOf, manager, sql, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
const skus = Array.from({ length: 100 }, (_, index) => `SKU-${String(index).padStart(3, '0')}`);

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph(dependencies);
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST', { code: 'CLOSED', active: false }],
    stock: Object.fromEntries(skus.map((sku, index) => [sku, { MAIN: index, EAST: 2, CLOSED: 50 }])),
  });
});
afterAll(async () => {
  await inventory.close();
  await dependencies.close();
});

interface Availability {
  status: string;
  quantityAvailable: number | null;
}
const availabilities = async (wanted: readonly string[]) => {
  const { _entities } = await askData<{ _entities: { availability: Availability }[] }>(
    inventory,
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on ProductVariant { availability { status quantityAvailable } } } }`,
    { representations: wanted.map((sku) => ({ __typename: 'ProductVariant', sku })) },
  );
  return _entities.map(({ availability }) => availability);
};

test('a hundred variants cost one statement', async () => {
  await availabilities(['SKU-000']);
  const { result, statements } = await countStatements(dependencies, () => availabilities(skus));
  expect(result).toHaveLength(100);
  expect(statements).toHaveLength(1);
});

test('stock of active warehouses is summed; large figures are not told', async () => {
  const [few, some, many, unknown] = await availabilities(['SKU-001', 'SKU-050', 'SKU-099', 'NO-SUCH']);
  expect(few).toEqual({ status: 'LOW_STOCK', quantityAvailable: 3 });
  expect(some).toEqual({ status: 'IN_STOCK', quantityAvailable: 52 });
  expect(many).toEqual({ status: 'IN_STOCK', quantityAvailable: null });
  expect(unknown).toEqual({ status: 'OUT_OF_STOCK', quantityAvailable: 0 });
});

test('it follows a warehouse that opens and closes, and one that is short takes nothing from others', async () => {
  await sql(dependencies, `UPDATE warehouse SET active = true WHERE code = 'CLOSED'`);
  expect(await availabilities(['SKU-001'])).toEqual([{ status: 'IN_STOCK', quantityAvailable: 53 }]);
  await sql(dependencies, `UPDATE warehouse SET active = false WHERE code = 'CLOSED'`);
  expect(await availabilities(['SKU-001'])).toEqual([{ status: 'LOW_STOCK', quantityAvailable: 3 }]);
  await sql(dependencies, `UPDATE stock_level SET safety_stock = 9 WHERE sku = 'SKU-001' AND on_hand = 1`);
  expect(await availabilities(['SKU-001'])).toEqual([{ status: 'LOW_STOCK', quantityAvailable: 2 }]);
  await sql(dependencies, `UPDATE stock_level SET reorder_point = 60 WHERE sku = 'SKU-050' AND on_hand = 50`);
  expect(await availabilities(['SKU-050'])).toEqual([{ status: 'LOW_STOCK', quantityAvailable: 52 }]);
});

test('the stock of many variants by warehouse costs one statement, and one for the warehouses', async () => {
  const { result, statements } = await countStatements(dependencies, () =>
    askData<{ _entities: { stockLevels: { totalCount?: number; nodes: { warehouse: { code: string } }[] } }[] }>(
      inventory,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on ProductVariant { stockLevels(first: 2) { nodes { onHand warehouse { code } } pageInfo { hasNextPage } } } } }`,
      { representations: skus.map((sku) => ({ __typename: 'ProductVariant', sku })) },
      manager,
    ),
  );
  expect(statements).toHaveLength(2);
  expect(result._entities.every(({ stockLevels }) => stockLevels.nodes.length === 2)).toBe(true);
});

test('reserving costs as many statements for fifty lines as for one', async () => {
  const cost = async (orderId: string, count: number) => {
    const { statements } = await countStatements(dependencies, () =>
      askData(
        inventory,
        `mutation ($input: StockReserveInput!) { stockReserve(input: $input) {
          reservation { id status expiresAt } userErrors { ... on UserError { message } } } }`,
        {
          input: {
            orderId,
            expiresAt: inAnHour(),
            lines: skus.slice(40, 40 + count).map((sku) => ({ sku, quantity: 1 })),
          },
        },
        checkout,
      ),
    );
    return statements.length;
  };
  const forOne = await cost('one-line', 1);
  expect(forOne).toBeLessThanOrEqual(8);
  expect(await cost('fifty-lines', 50)).toBe(forOne);
  expect((await levelsOf(inventory, 'SKU-040')).reduce((sum, { reserved }) => sum + reserved, 0)).toBe(2);
});

test('the reservations of many levels, and how many there are, cost three statements', async () => {
  const { statements, result } = await countStatements(dependencies, () =>
    askData<{ stockLevels: { nodes: { sku: string; reservations: { totalCount: number; nodes: object[] } }[] } }>(
      inventory,
      `query ($skus: [String!]) { stockLevels(filter: { skus: $skus }, first: 100) { nodes { sku reservations(first: 2) { totalCount nodes { orderId } } } } }`,
      { skus: skus.slice(30, 60) },
      manager,
    ),
  );
  // And one for the levels themselves.
  expect(statements).toHaveLength(4 + 1);
  const held = result.stockLevels.nodes.find(
    ({ sku, reservations }) => sku === 'SKU-040' && reservations.totalCount > 0,
  );
  expect(held?.reservations).toMatchObject({ totalCount: 2, nodes: [{}, {}] });
});

test('the discrepancies of many runs cost as many statements as those of one', async () => {
  const ask = (first: number) =>
    countStatements(dependencies, () =>
      askData<{
        reconciliationRuns: { nodes: { summary: { pending: number }; discrepancies: { totalCount: number } }[] };
      }>(
        inventory,
        `query ($first: Int) { reconciliationRuns(first: $first) { nodes { summary { pending }
          all: discrepancies(first: 1) { nodes { sku } }
          discrepancies(first: 2, resolution: PENDING) { totalCount nodes { sku } } } } }`,
        { first },
        manager,
      ),
    );
  await sql(
    dependencies,
    `WITH run AS (INSERT INTO reconciliation_run (id, trigger) SELECT 'run_' || n, 'STAFF' FROM generate_series(1, 9) n RETURNING id)
     INSERT INTO discrepancy (id, run_id, kind, sku, expected, actual, cause, resolution)
     SELECT run.id || '_' || n, run.id, 'SHORTAGE', 'X', 2, 1, 'UNKNOWN', CASE n WHEN 1 THEN 'HEALED' ELSE 'PENDING' END::discrepancy_resolution
     FROM run, generate_series(1, 4) n`,
  );
  const one = await ask(1);
  const many = await ask(9);
  expect(many.statements).toHaveLength(one.statements.length);
  for (const run of many.result.reconciliationRuns.nodes) {
    expect(run).toMatchObject({
      summary: { pending: 3 },
      all: { nodes: [{ sku: 'X' }] },
      discrepancies: { totalCount: 3, nodes: [{}, {}] },
    });
  }
});
