import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { ask, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { confirm, inAnHour, levelOf, levelsOf, manager, release, reserve, sql, staffCall, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph({ ...dependencies, holdSweepMs: 100, reconciliationEveryMs: 3_600_000 });
  worker = await inventory.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

let n = 0;
let sku = '';
let orderId = '';
beforeEach(async () => {
  n += 1;
  sku = `SKU-${n}`;
  orderId = `order-${n}`;
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST', { code: 'EU', servesCountries: ['DE', 'FR'] }, { code: 'CLOSED', active: false }],
    stock: { [sku]: { MAIN: 5, EAST: 8, EU: 20, CLOSED: 100 }, [`${sku}-B`]: { EAST: 2, EU: 9 } },
  });
});

const lines = (quantity: number) => [{ sku, quantity }];
const spread = (reservation: { lines: { quantity: number; warehouse: { code: string } }[] } | null) =>
  Object.fromEntries((reservation?.lines ?? []).map((line) => [line.warehouse.code, line.quantity]));

describe('where goods come from', () => {
  test.each([
    ['the first by priority that has it all', 5, 'US', { MAIN: 5 }],
    ['a later one that has it all, rather than splitting', 6, 'US', { EAST: 6 }],
    ['several in turn, by priority, when none has it all', 12, 'US', { MAIN: 5, EAST: 7 }],
    ['one that serves the country', 15, 'DE', { EU: 15 }],
    ['any, when no country is known', 21, undefined, { MAIN: 5, EAST: 8, EU: 8 }],
  ])('%s', async (_what, quantity, country, expected) => {
    const { reservation, userErrors } = await reserve(inventory, {
      orderId,
      lines: lines(quantity),
      ...(country && { country }),
    });
    expect(userErrors).toEqual([]);
    expect(spread(reservation)).toEqual(expected);
  });

  test('one warehouse for the whole order before the nearest for each line', async () => {
    const { reservation } = await reserve(inventory, {
      orderId,
      lines: [
        { sku, quantity: 2 },
        { sku: `${sku}-B`, quantity: 2 },
      ],
      country: 'US',
    });
    expect(reservation?.lines.map(({ warehouse }) => warehouse.code)).toEqual(['EAST', 'EAST']);
  });
});

test('all lines or none', async () => {
  const { reservation, userErrors } = await reserve(inventory, {
    orderId,
    lines: [
      { sku, quantity: 1 },
      { sku: `${sku}-B`, quantity: 3 },
    ],
    country: 'US',
  });
  expect(reservation).toBeNull();
  expect(userErrors).toMatchObject([
    {
      __typename: 'InsufficientStockError',
      path: ['input', 'lines', '1', 'quantity'],
      sku: `${sku}-B`,
      requested: 3,
      available: 2,
    },
  ]);
  expect((await levelsOf(inventory, sku)).every(({ reserved }) => reserved === 0)).toBe(true);
  // The refusal left no trace: the same order may try again.
  expect((await reserve(inventory, { orderId, lines: lines(1) })).userErrors).toEqual([]);
});

test('lines of one sku are summed', async () => {
  const { userErrors } = await reserve(inventory, { orderId, lines: [...lines(7), ...lines(7)], country: 'US' });
  expect(userErrors).toMatchObject([{ __typename: 'InsufficientStockError', requested: 14, available: 13 }]);
});

test('a sku that is not sold here', async () => {
  const { userErrors } = await reserve(inventory, { orderId, lines: [...lines(1), { sku: 'NO-SUCH', quantity: 1 }] });
  expect(userErrors).toMatchObject([
    { __typename: 'UnknownSkuError', sku: 'NO-SUCH', path: ['input', 'lines', '1', 'sku'] },
  ]);
});

test.each([
  ['no lines', { lines: [] }, ['input', 'lines']],
  ['no units', { lines: [{ sku: 'X', quantity: 0 }] }, ['input', 'lines', '0', 'quantity']],
  ['an end that has passed', { expiresAt: '2020-01-01T00:00:00Z' }, ['input', 'expiresAt']],
])('a request with %s is refused by field', async (_what, wrong, path) => {
  const { userErrors } = await reserve(inventory, { orderId, lines: lines(1), ...wrong });
  expect(userErrors).toMatchObject([{ __typename: 'InvalidInputError', path }]);
});

describe('a repeat', () => {
  test('extends the hold and takes nothing more', async () => {
    const first = await reserve(inventory, { orderId, lines: lines(3), country: 'US' });
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const second = await reserve(inventory, { orderId, lines: lines(3), country: 'US', expiresAt: later });
    expect(second.reservation).toEqual({ ...first.reservation, expiresAt: later });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 3 });
  });

  test('with other lines replaces them', async () => {
    await reserve(inventory, { orderId, lines: lines(3), country: 'US' });
    const { reservation } = await reserve(inventory, { orderId, lines: lines(5), country: 'US' });
    expect(spread(reservation)).toEqual({ MAIN: 5 });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 5 });
  });

  test('with lines that cannot be had keeps those it had', async () => {
    await reserve(inventory, { orderId, lines: lines(3), country: 'US' });
    const { userErrors } = await reserve(inventory, { orderId, lines: lines(99), country: 'US' });
    expect(userErrors).toMatchObject([{ __typename: 'InsufficientStockError', available: 13 }]);
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 3 });
  });

  test('after confirming answers the same, and other lines are refused', async () => {
    await reserve(inventory, { orderId, lines: lines(3) });
    await confirm(inventory, orderId);
    expect((await reserve(inventory, { orderId, lines: lines(3) })).reservation).toMatchObject({ status: 'CONFIRMED' });
    expect((await reserve(inventory, { orderId, lines: lines(4) })).userErrors).toMatchObject([
      { __typename: 'InvalidInputError', path: ['input', 'lines'] },
    ]);
  });
});

describe('release', () => {
  test('gives everything back, and repeats safely', async () => {
    await reserve(inventory, { orderId, lines: lines(12), country: 'US' });
    for (let time = 0; time < 3; time += 1) {
      const { reservation, userErrors } = await release(inventory, orderId);
      expect(userErrors).toEqual([]);
      expect(reservation).toMatchObject({ status: 'RELEASED', expiresAt: null });
    }
    expect((await levelsOf(inventory, sku)).every(({ reserved }) => reserved === 0)).toBe(true);
  });

  test('before the reserve refuses the late one', async () => {
    expect(await release(inventory, orderId)).toEqual({ reservation: null, userErrors: [] });
    expect((await reserve(inventory, { orderId, lines: lines(1) })).userErrors).toMatchObject([
      { __typename: 'ReservationReleasedError' },
    ]);
    expect((await confirm(inventory, orderId)).userErrors).toMatchObject([{ __typename: 'ReservationReleasedError' }]);
    expect(await release(inventory, orderId)).toEqual({ reservation: null, userErrors: [] });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 0 });
  });

  test('racing the reserve leaves nothing held', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `${orderId}-${index}`);
    await Promise.all(
      ids.flatMap((id) => [reserve(inventory, { orderId: id, lines: lines(1) }), release(inventory, id)]),
    );
    expect((await levelsOf(inventory, sku)).every(({ reserved }) => reserved === 0)).toBe(true);
  });
});

describe('expiry', () => {
  const lapse = () =>
    sql(dependencies, `UPDATE reservation SET expires_at = now() - interval '1 second' WHERE order_id = $1`, [orderId]);
  const isExpired = () =>
    expect
      .poll(async () => sql(dependencies, 'SELECT status FROM reservation WHERE order_id = $1', [orderId]), {
        timeout: 10_000,
      })
      .toEqual([{ status: 'EXPIRED' }]);

  test('a lapsed hold is given back by the sweep and told of', async () => {
    await reserve(inventory, { orderId, lines: lines(5), country: 'US' });
    await lapse();
    await isExpired();
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 0 });
    expect(
      await sql(
        dependencies,
        `SELECT payload FROM outbox_event WHERE name = 'reservation.expired' AND aggregate_id = $1`,
        [orderId],
      ),
    ).toEqual([{ payload: { orderId } }]);
  });

  test('confirming after it holds again when the stock is still there', async () => {
    await reserve(inventory, { orderId, lines: lines(5), country: 'US' });
    await lapse();
    await isExpired();
    const { reservation } = await confirm(inventory, orderId);
    expect(reservation).toMatchObject({ status: 'CONFIRMED', expiresAt: null });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 5 });
  });

  test('confirming after it is refused when others took the stock', async () => {
    await reserve(inventory, { orderId, lines: lines(13), country: 'US' });
    await lapse();
    await isExpired();
    await reserve(inventory, { orderId: `${orderId}-other`, lines: lines(2), country: 'US' });
    expect((await confirm(inventory, orderId)).userErrors).toMatchObject([{ __typename: 'ReservationReleasedError' }]);
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 2 });
    // Reserving anew is allowed: nobody called the order off.
    expect((await reserve(inventory, { orderId, lines: lines(1), country: 'US' })).reservation).toMatchObject({
      status: 'HELD',
    });
  });

  test('a confirmed one never lapses', async () => {
    await reserve(inventory, { orderId, lines: lines(5), country: 'US' });
    await confirm(inventory, orderId);
    await confirm(inventory, orderId);
    await reserve(inventory, { orderId: `${orderId}-witness`, lines: lines(1), country: 'US' });
    await sql(dependencies, `UPDATE reservation SET expires_at = now() - interval '1 second' WHERE order_id LIKE $1`, [
      `${orderId}%`,
    ]);
    await expect
      .poll(async () => sql(dependencies, `SELECT status FROM reservation WHERE order_id = $1`, [`${orderId}-witness`]))
      .toEqual([{ status: 'EXPIRED' }]);
    expect(await sql(dependencies, 'SELECT status FROM reservation WHERE order_id = $1', [orderId])).toEqual([
      { status: 'CONFIRMED' },
    ]);
  });
});

test('a level tells which reservations hold it, oldest first', async () => {
  for (const suffix of ['a', 'b', 'c']) {
    await reserve(inventory, { orderId: `${orderId}-${suffix}`, lines: lines(1), country: 'US' });
  }
  await release(inventory, `${orderId}-b`);
  const answer = await ask(
    inventory,
    `query ($sku: String!) { stockLevels(filter: { sku: $sku, warehouse: "MAIN" }) {
      nodes { reservations(first: 1) { totalCount nodes { orderId lines { quantity } } pageInfo { hasNextPage } } } } }`,
    { sku },
    manager,
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data?.stockLevels).toEqual({
    nodes: [
      {
        reservations: {
          totalCount: 2,
          nodes: [{ orderId: `${orderId}-a`, lines: [{ quantity: 1 }] }],
          pageInfo: { hasNextPage: true },
        },
      },
    ],
  });
});

test('nobody but checkout may reserve, confirm or release', async () => {
  const answer = await ask(
    inventory,
    `mutation ($input: StockReserveInput!) { stockReserve(input: $input) { reservation { id } } }`,
    { input: { orderId, lines: lines(1), expiresAt: inAnHour() } },
    manager,
  );
  expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 0 });
});

test('safety stock is never promised', async () => {
  await sql(dependencies, `UPDATE stock_level SET safety_stock = 4 WHERE sku = $1`, [`${sku}-B`]);
  const { userErrors } = await reserve(inventory, { orderId, lines: [{ sku: `${sku}-B`, quantity: 6 }] });
  expect(userErrors).toMatchObject([{ requested: 6, available: 5 }]);
});

test('a transfer moves what nobody was promised, and no more', async () => {
  await reserve(inventory, { orderId, lines: lines(4), country: 'US' });
  const move = (quantity: number) =>
    staffCall<{ userErrors: { __typename: string }[] }>(
      inventory,
      'stockTransfer',
      'StockTransferInput',
      'userErrors { ... on UserError { __typename path } ... on InsufficientStockError { requested available } }',
      { fromWarehouse: 'MAIN', toWarehouse: 'EAST', lines: lines(quantity), idempotencyKey: `${orderId}-${quantity}` },
    );
  expect((await move(2)).userErrors).toMatchObject([
    { __typename: 'InsufficientStockError', requested: 2, available: 1 },
  ]);
  expect((await move(1)).userErrors).toEqual([]);
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 4, reserved: 4, available: 0 });
});
