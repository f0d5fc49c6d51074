import type { Subgraph } from '@mercato/subgraph-server';
import { ask, askData, service, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import {
  aKey,
  type Level,
  levelOf,
  levelsOf,
  manager,
  reserve,
  sql,
  staffCall,
  stockShop,
  type UserError,
} from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph(dependencies);
});
afterAll(async () => {
  await inventory.close();
  await dependencies.close();
});

let n = 0;
let sku = '';
beforeEach(async () => {
  n += 1;
  sku = `SKU-${n}`;
  await stockShop(dependencies, { warehouses: ['MAIN', 'EAST'], stock: { [sku]: { MAIN: 10 } } });
});

const errors = 'userErrors { ... on UserError { __typename message path } }';
const shortage = '... on InsufficientStockError { sku requested available }';
const level = 'sku onHand reserved available warehouse { code }';

const receive = (input: Record<string, unknown>) =>
  staffCall<{ stockLevels: Level[] | null; userErrors: UserError[] }>(
    inventory,
    'stockReceive',
    'StockReceiveInput',
    `stockLevels { ${level} updatedAt } ${errors}`,
    { warehouse: 'MAIN', idempotencyKey: aKey(), ...input },
  );
const adjust = (input: Record<string, unknown>) =>
  staffCall<{ stockLevel: Level | null; userErrors: UserError[] }>(
    inventory,
    'stockAdjust',
    'StockAdjustInput',
    `stockLevel { ${level} } userErrors { ... on UserError { __typename message path }
      ... on InsufficientStockError { sku requested available } ... on UnexpectedOnHandError { expected actual } }`,
    { warehouse: 'MAIN', sku, reason: 'CORRECTION', idempotencyKey: aKey(), ...input },
  );

interface Movement {
  type: string;
  quantity: number;
  reason: string | null;
  reference: string | null;
  actor: string | null;
  balanceAfter: number;
}
const history = async (first = 50, after: string | null = null) => {
  const { stockMovements } = await askData<{
    stockMovements: { nodes: Movement[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }>(
    inventory,
    `query ($sku: String!, $first: Int, $after: String) { stockMovements(sku: $sku, first: $first, after: $after) {
      nodes { type quantity reason reference actor at balanceAfter } pageInfo { hasNextPage endCursor } } }`,
    { sku, first, after },
    manager,
  );
  return stockMovements;
};

describe('receiving', () => {
  test('books each sku once, with who and why', async () => {
    const fresh = `${sku}-NEW`;
    const { stockLevels, userErrors } = await receive({
      lines: [
        { sku, quantity: 3 },
        { sku: fresh, quantity: 4 },
        { sku, quantity: 2 },
      ],
      reference: 'PO-1',
    });
    expect(userErrors).toEqual([]);
    expect(stockLevels).toMatchObject([
      { sku, onHand: 15, available: 15 },
      { sku: fresh, onHand: 4, available: 4 },
    ]);
    expect((await history()).nodes).toMatchObject([
      { type: 'RECEIPT', quantity: 5, reference: 'PO-1', actor: 'staff_test', balanceAfter: 15 },
      { type: 'RECEIPT', quantity: 10, reference: 'opening', actor: 'service:inventory', balanceAfter: 10 },
    ]);
  });

  test('a repeat with the key gives the first answer, also when twenty come at once', async () => {
    const input = { lines: [{ sku, quantity: 5 }], idempotencyKey: aKey() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => receive(input)));
    await receive({ lines: [{ sku, quantity: 1 }] });
    answers.push(await receive(input));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.stockLevels).toMatchObject([{ onHand: 15 }]);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 16 });
  });

  test('the same key with another input is refused', async () => {
    const idempotencyKey = aKey();
    await receive({ lines: [{ sku, quantity: 5 }], idempotencyKey });
    const { userErrors } = await receive({ lines: [{ sku, quantity: 6 }], idempotencyKey });
    expect(userErrors).toMatchObject([{ __typename: 'IdempotencyKeyReusedError', path: ['input', 'idempotencyKey'] }]);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 15 });
  });

  test.each([
    [
      'an unknown warehouse',
      { warehouse: 'NOWHERE', lines: [{ sku: 'X', quantity: 1 }] },
      'NotFoundError',
      ['input', 'warehouse'],
    ],
    ['no lines', { lines: [] }, 'InvalidInputError', ['input', 'lines']],
    ['no units', { lines: [{ sku: 'X', quantity: 0 }] }, 'InvalidInputError', ['input', 'lines', '0', 'quantity']],
    [
      'negative units',
      { lines: [{ sku: 'X', quantity: -1 }] },
      'InvalidInputError',
      ['input', 'lines', '0', 'quantity'],
    ],
    ['a blank sku', { lines: [{ sku: ' ', quantity: 1 }] }, 'InvalidInputError', ['input', 'lines', '0', 'sku']],
    ['a NUL in a sku', { lines: [{ sku: 'A\0B', quantity: 1 }] }, 'InvalidInputError', ['input', 'lines', '0', 'sku']],
    [
      'a blank key',
      { lines: [{ sku: 'X', quantity: 1 }], idempotencyKey: '' },
      'InvalidInputError',
      ['input', 'idempotencyKey'],
    ],
    [
      'too many lines',
      { lines: Array.from({ length: 501 }, (_, index) => ({ sku: `S${index}`, quantity: 1 })) },
      'InvalidInputError',
      ['input', 'lines'],
    ],
  ])('%s is refused by field', async (_what, input, __typename, path) => {
    expect((await receive(input)).userErrors).toMatchObject([{ __typename, path }]);
  });
});

describe('adjusting', () => {
  test('books the difference with its reason', async () => {
    expect(await adjust({ delta: -2, reason: 'DAMAGED', reference: 'note 7' })).toMatchObject({
      stockLevel: { onHand: 8 },
      userErrors: [],
    });
    expect((await history()).nodes[0]).toMatchObject({
      type: 'ADJUSTMENT',
      quantity: -2,
      reason: 'DAMAGED',
      reference: 'note 7',
      balanceAfter: 8,
    });
  });

  test('a shelf cannot hold less than nothing, and the key may try again', async () => {
    const idempotencyKey = aKey();
    expect((await adjust({ delta: -11, idempotencyKey })).userErrors).toMatchObject([
      { __typename: 'InsufficientStockError', sku, requested: 11, available: 10, path: ['input', 'delta'] },
    ]);
    await receive({ lines: [{ sku, quantity: 1 }] });
    expect((await adjust({ delta: -11, idempotencyKey })).stockLevel).toMatchObject({ onHand: 0 });
  });

  test('what is lost is lost: fewer on hand than promised is recorded and told with its orders', async () => {
    await reserve(inventory, { orderId: `order-${n}`, lines: [{ sku, quantity: 9 }] });
    expect((await adjust({ delta: -4, reason: 'LOST' })).stockLevel).toMatchObject({
      onHand: 6,
      reserved: 9,
      available: -3,
    });
    expect(
      await sql(dependencies, `SELECT payload FROM outbox_event WHERE name = 'stock.ranShort' AND aggregate_id = $1`, [
        sku,
      ]),
    ).toEqual([{ payload: { warehouse: 'MAIN', sku, onHand: 6, reserved: 9, orderIds: [`order-${n}`] } }]);
  });

  test('only one of twenty who saw the same figure gets through', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => adjust({ delta: 1, expectedOnHand: 10 })));
    expect(answers.filter(({ stockLevel }) => stockLevel)).toHaveLength(1);
    const refused = answers.flatMap(({ userErrors }) => userErrors);
    expect(refused).toHaveLength(19);
    expect(refused[0]).toMatchObject({ __typename: 'UnexpectedOnHandError', expected: 10, actual: 11 });
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 11 });
  });

  test.each([
    ['no difference', { delta: 0 }, 'InvalidInputError', ['input', 'delta']],
    ['an unknown sku', { delta: 1, sku: 'NO-SUCH' }, 'NotFoundError', ['input', 'sku']],
    ['an unknown warehouse', { delta: 1, warehouse: 'NOWHERE' }, 'NotFoundError', ['input', 'warehouse']],
  ])('%s is refused by field', async (_what, input, __typename, path) => {
    expect((await adjust(input)).userErrors).toMatchObject([{ __typename, path }]);
  });
});

test('a transfer takes from one and gives to the other, all lines or none', async () => {
  const transfer = (lines: { sku: string; quantity: number }[], more = {}) =>
    staffCall<{ stockLevels: Level[] | null; userErrors: UserError[] }>(
      inventory,
      'stockTransfer',
      'StockTransferInput',
      `stockLevels { ${level} } userErrors { ... on UserError { __typename message path } ${shortage} }`,
      { fromWarehouse: 'MAIN', toWarehouse: 'EAST', lines, idempotencyKey: aKey(), ...more },
    );
  const { stockLevels } = await transfer([{ sku, quantity: 4 }]);
  expect(stockLevels?.map(({ onHand, warehouse }) => [warehouse.code, onHand])).toEqual([
    ['MAIN', 6],
    ['EAST', 4],
  ]);
  const short = await transfer([
    { sku, quantity: 1 },
    { sku: 'NO-SUCH', quantity: 1 },
  ]);
  expect(short.userErrors).toMatchObject([
    { __typename: 'InsufficientStockError', sku: 'NO-SUCH', available: 0, path: ['input', 'lines', '1', 'quantity'] },
  ]);
  expect((await levelsOf(inventory, sku)).map(({ onHand }) => onHand).sort()).toEqual([4, 6]);
  expect((await transfer([{ sku, quantity: 1 }], { toWarehouse: 'MAIN' })).userErrors).toMatchObject([
    { __typename: 'InvalidInputError', path: ['input', 'toWarehouse'] },
  ]);
  expect((await transfer([{ sku, quantity: 1 }], { toWarehouse: 'NOWHERE' })).userErrors).toMatchObject([
    { __typename: 'NotFoundError', path: ['input', 'toWarehouse'] },
  ]);
});

test.each(['UPDATE stock_movement SET quantity = 1', 'DELETE FROM stock_movement', 'TRUNCATE stock_movement'])(
  'the ledger refuses %s',
  async (statement) => {
    await expect(sql(dependencies, statement)).rejects.toThrow('append-only');
  },
);

test('the ledger is read page by page, newest first', async () => {
  for (let quantity = 1; quantity <= 4; quantity += 1) await receive({ lines: [{ sku, quantity }] });
  const seen: number[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof history>> = await history(2, after);
    seen.push(...page.nodes.map(({ quantity }) => quantity));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen).toEqual([4, 3, 2, 1, 10]);
});

describe('levels are filtered', () => {
  const filtered = async (filter: Record<string, unknown>) => {
    const { stockLevels } = await askData<{ stockLevels: { totalCount: number; nodes: Level[] } }>(
      inventory,
      `query ($filter: StockLevelFilter) { stockLevels(filter: $filter, first: 100) { totalCount nodes { ${level} } } }`,
      { filter },
      manager,
    );
    expect(stockLevels.totalCount).toBe(stockLevels.nodes.length);
    return stockLevels.nodes.map((node) => `${node.sku} ${node.warehouse.code}`);
  };

  test('by sku, warehouse and low stock together', async () => {
    const other = `${sku}-OTHER`;
    await stockShop(dependencies, { warehouses: ['MAIN', 'EAST'], stock: { [other]: { MAIN: 1, EAST: 9 } } });
    await sql(dependencies, 'UPDATE stock_level SET reorder_point = 3 WHERE sku = $1', [other]);
    expect(await filtered({ sku })).toEqual([`${sku} MAIN`]);
    expect((await filtered({ skus: [sku, other] })).sort()).toEqual(
      [`${sku} MAIN`, `${other} EAST`, `${other} MAIN`].sort(),
    );
    expect(await filtered({ skus: [sku, other], warehouse: 'EAST' })).toEqual([`${other} EAST`]);
    expect(await filtered({ skus: [sku, other], lowStock: true })).toEqual([`${other} MAIN`]);
    expect(await filtered({ skus: [], warehouse: 'MAIN' })).toEqual([]);
    expect(await filtered({ warehouse: 'NOWHERE' })).toEqual([]);
  });
});

describe('products asks for a warehouse by its code', () => {
  const query = 'query ($code: String!) { warehouseByCode(code: $code) { code name active } }';

  test.each([
    ['one that is there', 'EAST', { code: 'EAST', name: 'EAST', active: true }],
    ['none', 'NOPE', null],
    ['another case', 'east', null],
  ])('%s', async (_what, code, expected) => {
    expect(await askData(inventory, query, { code }, service('products'))).toEqual({ warehouseByCode: expected });
  });

  test.each([
    ['staff', manager],
    ['another service', service('checkout')],
  ])('%s may not', async (_who, viewer) => {
    const { data, errors: refused } = await ask(inventory, query, { code: 'MAIN' }, viewer);
    expect(data).toEqual({ warehouseByCode: null });
    expect(refused).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('shoppers see nothing of it', async () => {
  for (const query of ['{ warehouses { nodes { code } } }', '{ stockLevels { nodes { sku } } }']) {
    const { data, errors: refused } = await ask(inventory, query);
    expect(Object.values(data ?? {})).toEqual([null]);
    expect(refused).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
});

test('what does not fit into the books is refused, and leaves them as they were', async () => {
  await stockShop(dependencies, { stock: { [`${sku}-FULL`]: { MAIN: 2_147_000_000 } } });
  const idempotencyKey = aKey();
  const lines = [{ sku: `${sku}-FULL`, quantity: 1_000_000 }];
  for (const { userErrors } of [await receive({ lines, idempotencyKey }), await receive({ lines, idempotencyKey })]) {
    expect(userErrors).toMatchObject([
      { __typename: 'InvalidInputError', message: expect.stringContaining('2147483647'), path: ['input'] },
    ]);
  }
  expect(await levelOf(inventory, `${sku}-FULL`)).toMatchObject({ onHand: 2_147_000_000 });
});

test('a refused difference is named as it was sent', async () => {
  expect((await adjust({ delta: -1_000_001 })).userErrors).toMatchObject([
    { message: expect.stringContaining('-1000001'), path: ['input', 'delta'] },
  ]);
  expect((await adjust({ delta: 1, reference: 'half \ud83d' })).userErrors).toMatchObject([
    { __typename: 'InvalidInputError', path: ['input', 'reference'] },
  ]);
});
