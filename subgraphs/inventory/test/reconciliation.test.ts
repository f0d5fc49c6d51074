import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { askData, deliver, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { orderCancelled } from '../src/events/heard.ts';
import { defaultSettings } from '../src/settings.ts';
import { createSubgraph } from '../src/subgraph.ts';
import { orderBook } from './orders.ts';
import { type Discrepancy, findRun, firstRunEnded, reconcile } from './reconciling.ts';
import { aKey, confirm, levelOf, manager, release, reserve, sql, staffCall, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;
const { subgraph: checkout, orders, down } = orderBook();

beforeAll(async () => {
  dependencies = await testDependencies('inventory', (name) => (name === 'checkout' ? checkout : undefined));
  inventory = await createSubgraph({
    ...dependencies,
    reconciliationEveryMs: 3_600_000,
    holdSweepMs: 3_600_000,
    reconciliation: { ...defaultSettings.reconciliation, graceMs: 0, chunkSize: 3 },
  });
  worker = await inventory.startWorker();
  await firstRunEnded(inventory);
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

let n = 0;
/** Every test has a sku of its own, among others that are fine. */
let sku = '';
beforeEach(async () => {
  n += 1;
  sku = `SKU-${n}`;
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST'],
    stock: { [sku]: { MAIN: 20, EAST: 8 }, [`${sku}-OTHER`]: { MAIN: 5 } },
  });
});
afterEach(async () => {
  const again = await reconcile(inventory);
  expect(again).toMatchObject({ status: 'COMPLETED', summary: { healed: 0, pending: 0, recomputed: 0 } });
  expect(again.discrepancies.nodes).toEqual([]);
});

const order = (id: string, status: string, quantity: number) => ({
  id,
  status,
  country: 'US',
  lines: [{ sku, quantity }],
});
const hold = async (orderId: string, quantity: number, status = 'PLACED') => {
  orders.set(orderId, order(orderId, status, quantity));
  const { userErrors } = await reserve(inventory, { orderId, lines: [{ sku, quantity }] });
  expect(userErrors).toEqual([]);
};
const placed = async (orderId: string, quantity: number) => {
  await hold(orderId, quantity);
  await confirm(inventory, orderId);
};

/** Runs, and expects to have found exactly this of the test's sku. */
async function expectFound(...expected: Partial<Discrepancy>[]) {
  const run = await reconcile(inventory);
  expect(run.status).toBe('COMPLETED');
  const found = run.discrepancies.nodes.filter((discrepancy) => discrepancy.sku === sku);
  expect(found).toHaveLength(expected.length);
  for (const [index, discrepancy] of expected.entries()) expect(found[index]).toMatchObject(discrepancy);
  return { run, found };
}

describe('a level that differs from its ledger is rebuilt', () => {
  test('changed past the ledger', async () => {
    await sql(dependencies, 'UPDATE stock_level SET on_hand = on_hand + 7 WHERE sku = $1 AND on_hand = 20', [sku]);
    const { run } = await expectFound({
      kind: 'LEDGER_DRIFT',
      expected: 27,
      actual: 20,
      difference: -7,
      cause: 'CHANGED_PAST_LEDGER',
      resolution: 'HEALED',
      warehouse: { code: 'MAIN' },
    });
    expect(run.summary).toMatchObject({ recomputed: 1, healed: 1, pending: 0 });
    expect(run.progress.scanned).toBe(run.progress.total);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 20 });
  });

  test('a receipt applied twice', async () => {
    await staffCall(inventory, 'stockReceive', 'StockReceiveInput', 'stockLevels { sku }', {
      warehouse: 'MAIN',
      lines: [{ sku, quantity: 3 }],
      idempotencyKey: aKey(),
    });
    await sql(dependencies, 'UPDATE stock_level SET on_hand = on_hand + 3 WHERE sku = $1 AND on_hand = 23', [sku]);
    await expectFound({ kind: 'LEDGER_DRIFT', expected: 26, actual: 23, cause: 'APPLIED_TWICE', resolution: 'HEALED' });
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 23 });
  });

  test('a release that was never done', async () => {
    await placed(`missed-${n}`, 4);
    orders.delete(`missed-${n}`);
    await sql(dependencies, `UPDATE reservation SET status = 'RELEASED' WHERE order_id = $1`, [`missed-${n}`]);
    await expectFound({ kind: 'LEDGER_DRIFT', expected: 4, actual: 0, cause: 'MISSED_RELEASE', resolution: 'HEALED' });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 0, available: 20 });
  });

  test('a reserve applied twice', async () => {
    await placed(`twice-${n}`, 4);
    await sql(dependencies, 'UPDATE stock_level SET reserved = reserved + 4 WHERE sku = $1 AND reserved = 4', [sku]);
    await expectFound({ kind: 'LEDGER_DRIFT', expected: 8, actual: 4, cause: 'APPLIED_TWICE', resolution: 'HEALED' });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 4 });
  });

  test('on hand and reserved both wrong', async () => {
    await sql(dependencies, 'UPDATE stock_level SET on_hand = 1, reserved = 11 WHERE sku = $1 AND on_hand = 20', [sku]);
    await expectFound(
      { kind: 'LEDGER_DRIFT', expected: 1, actual: 20 },
      { kind: 'LEDGER_DRIFT', expected: 11, actual: 0 },
    );
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 20, reserved: 0 });
  });

  test('a level that was deleted comes back', async () => {
    await sql(dependencies, 'DELETE FROM stock_level WHERE sku = $1 AND on_hand = 20', [sku]);
    await expectFound({ kind: 'LEDGER_DRIFT', expected: 0, actual: 20, cause: 'CHANGED_PAST_LEDGER' });
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 20, available: 20 });
  });

  test('what is told to be for sale', async () => {
    await sql(dependencies, 'UPDATE sku_availability SET available = 0 WHERE sku = $1', [sku]);
    await expectFound({ kind: 'LEDGER_DRIFT', warehouse: null, expected: 0, actual: 28, resolution: 'HEALED' });
    const events = await sql<{ payload: { skus: { sku: string; inStock: boolean }[] } }>(
      dependencies,
      `SELECT payload FROM outbox_event WHERE name = 'availability.changed' AND aggregate_id = $1 ORDER BY id DESC LIMIT 1`,
      [sku],
    );
    expect(events[0]?.payload.skus).toMatchObject([{ sku, inStock: true }]);
  });
});

describe('reservations are matched with orders', () => {
  test('a lapsed hold is released', async () => {
    await hold(`lapsed-${n}`, 6, 'FAILED');
    await sql(dependencies, `UPDATE reservation SET expires_at = now() - interval '1 minute' WHERE order_id = $1`, [
      `lapsed-${n}`,
    ]);
    const { run } = await expectFound({ kind: 'EXPIRED_RESERVATION', expected: 6, actual: 0, resolution: 'HEALED' });
    expect(run.summary.released).toBe(1);
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 0 });
  });

  test.each([
    ['that nobody knows', undefined],
    ['that was cancelled', 'CANCELLED'],
    ['that failed', 'FAILED'],
  ])('a reservation for an order %s is released', async (_what, status) => {
    const id = `orphan-${n}`;
    await hold(id, 5);
    if (status) orders.set(id, order(id, status, 5));
    else orders.delete(id);
    const { run } = await expectFound({
      kind: 'ORPHANED_RESERVATION',
      expected: 5,
      actual: 0,
      cause: 'MISSED_RELEASE',
      resolution: 'HEALED',
      orderIds: [id],
    });
    expect(run.summary.orphaned).toBe(1);
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 0 });
    expect((await reserve(inventory, { orderId: id, lines: [{ sku, quantity: 1 }] })).userErrors).toMatchObject([
      { __typename: 'ReservationReleasedError' },
    ]);
  });

  test('a hold of an order that is being placed is left alone', async () => {
    await hold(`pending-${n}`, 5, 'PENDING');
    await expectFound();
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 5 });
  });

  test('a placed order whose hold was never confirmed is confirmed', async () => {
    await hold(`unconfirmed-${n}`, 5);
    await expectFound({ kind: 'MISSING_RESERVATION', cause: 'MISSED_CONFIRMATION', resolution: 'HEALED' });
    expect((await confirm(inventory, `unconfirmed-${n}`)).reservation).toMatchObject({
      status: 'CONFIRMED',
      expiresAt: null,
    });
  });

  test('a placed order without a reservation is reserved again', async () => {
    orders.set(`missing-${n}`, order(`missing-${n}`, 'PLACED', 9));
    await expectFound({
      kind: 'MISSING_RESERVATION',
      expected: 0,
      actual: 9,
      resolution: 'HEALED',
      orderIds: [`missing-${n}`],
    });
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 9 });
  });

  test('a placed order whose hold lapsed is reserved again', async () => {
    await hold(`expired-${n}`, 3);
    await sql(dependencies, `UPDATE reservation SET expires_at = now() - interval '1 minute' WHERE order_id = $1`, [
      `expired-${n}`,
    ]);
    await expectFound(
      { kind: 'EXPIRED_RESERVATION', resolution: 'HEALED' },
      { kind: 'MISSING_RESERVATION', cause: 'MISSED_CONFIRMATION', resolution: 'HEALED' },
    );
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 3 });
  });

  test('what cannot be reserved again waits for staff, who may do it when goods arrived', async () => {
    const id = `short-${n}`;
    orders.set(id, order(id, 'PLACED', 30));
    const { found } = await expectFound({
      kind: 'MISSING_RESERVATION',
      actual: 30,
      resolution: 'PENDING',
      orderIds: [id],
    });
    const accept = () =>
      staffCall<{ discrepancy: { resolution: string } | null; userErrors: { __typename: string }[] }>(
        inventory,
        'discrepancyResolve',
        'DiscrepancyResolveInput',
        'discrepancy { id resolution } userErrors { ... on UserError { __typename message path } }',
        { discrepancyId: found[0]?.id, resolution: 'ACCEPT_COUNT' },
      );
    expect((await accept()).userErrors).toMatchObject([{ __typename: 'InsufficientStockError' }]);
    await staffCall(inventory, 'stockReceive', 'StockReceiveInput', 'userErrors { __typename }', {
      warehouse: 'MAIN',
      lines: [{ sku, quantity: 10 }],
      idempotencyKey: aKey(),
    });
    expect(await accept()).toMatchObject({ discrepancy: { resolution: 'ACCEPT_COUNT' }, userErrors: [] });
    expect((await accept()).userErrors).toMatchObject([{ __typename: 'DiscrepancyAlreadyResolvedError' }]);
    const [{ reserved } = { reserved: 0 }] = await sql<{ reserved: number }>(
      dependencies,
      'SELECT sum(reserved)::int AS reserved FROM stock_level WHERE sku = $1',
      [sku],
    );
    expect(reserved).toBe(30);
  });

  test('when checkout cannot answer the run says so and releases nothing', async () => {
    await placed(`kept-${n}`, 5);
    orders.delete(`kept-${n}`);
    down.is = true;
    try {
      const run = await reconcile(inventory);
      expect(run).toMatchObject({ status: 'COMPLETED', omission: expect.stringContaining('checkout') });
      expect(run.discrepancies.nodes).toEqual([]);
    } finally {
      down.is = false;
    }
    expect(await levelOf(inventory, sku)).toMatchObject({ reserved: 5 });
    await release(inventory, `kept-${n}`);
  });
});

test('fewer on hand than promised is told with the orders left without goods, the latest first to go without', async () => {
  await placed(`first-${n}`, 12);
  await placed(`second-${n}`, 6);
  await staffCall(inventory, 'stockAdjust', 'StockAdjustInput', 'stockLevel { onHand }', {
    warehouse: 'MAIN',
    sku,
    delta: -5,
    reason: 'DAMAGED',
    idempotencyKey: aKey(),
  });
  const { found } = await expectFound({
    kind: 'SHORTAGE',
    expected: 18,
    actual: 15,
    resolution: 'PENDING',
    orderIds: [`second-${n}`],
  });
  const { discrepancyResolve } = await askData<{ discrepancyResolve: { discrepancy: { resolution: string } } }>(
    inventory,
    `mutation ($input: DiscrepancyResolveInput!) { discrepancyResolve(input: $input) {
      discrepancy { id resolution } userErrors { ... on UserError { __typename message path } } } }`,
    { input: { discrepancyId: found[0]?.id, resolution: 'KEEP_SYSTEM', note: 'A delivery comes tomorrow' } },
    manager,
  );
  expect(discrepancyResolve.discrepancy.resolution).toBe('KEEP_SYSTEM');
});

test('a shortage that goods end waits for nobody any more, and is told again when it comes back', async () => {
  await placed(`order-${n}`, 18);
  const adjust = (delta: number) =>
    staffCall(inventory, 'stockAdjust', 'StockAdjustInput', 'userErrors { __typename }', {
      warehouse: 'MAIN',
      sku,
      delta,
      reason: 'CORRECTION',
      idempotencyKey: aKey(),
    });
  await adjust(-5);
  const { run } = await expectFound({ kind: 'SHORTAGE', expected: 18, actual: 15, resolution: 'PENDING' });
  expect(run.summary.pending).toBe(1);
  await adjust(2);
  expect((await findRun(inventory, run.id))?.summary.pending).toBe(1);
  await adjust(1);
  const closed = await findRun(inventory, run.id);
  expect(closed?.summary.pending).toBe(0);
  expect(closed?.discrepancies.nodes).toMatchObject([
    { kind: 'SHORTAGE', resolution: 'HEALED', resolvedAt: expect.any(String) },
  ]);
  await adjust(-3);
  await expectFound({ kind: 'SHORTAGE', expected: 18, actual: 15, resolution: 'PENDING' });
  await adjust(3);
});

describe('a placed order that cannot be reserved again waits for staff', () => {
  const reservedInAll = async () =>
    (
      await sql<{ reserved: number }>(
        dependencies,
        'SELECT coalesce(sum(reserved), 0)::int AS reserved FROM stock_level WHERE sku = $1',
        [sku],
      )
    )[0]?.reserved;
  const resolve = (discrepancyId: string | undefined) =>
    staffCall<{ userErrors: { __typename: string }[] }>(
      inventory,
      'discrepancyResolve',
      'DiscrepancyResolveInput',
      'userErrors { ... on UserError { __typename message path } }',
      { discrepancyId, resolution: 'ACCEPT_COUNT' },
    );
  const receive = (quantity: number) =>
    staffCall(inventory, 'stockReceive', 'StockReceiveInput', 'userErrors { __typename }', {
      warehouse: 'MAIN',
      lines: [{ sku, quantity }],
      idempotencyKey: aKey(),
    });

  test('until a later run reserves it: accepting it then reserves nothing twice', async () => {
    orders.set(`late-${n}`, order(`late-${n}`, 'PLACED', 30));
    const { run, found } = await expectFound({ kind: 'MISSING_RESERVATION', actual: 30, resolution: 'PENDING' });
    await receive(50);
    await expectFound({ kind: 'MISSING_RESERVATION', actual: 30, resolution: 'HEALED' });
    expect((await findRun(inventory, run.id))?.summary.pending).toBe(0);
    expect((await resolve(found[0]?.id)).userErrors).toMatchObject([{ __typename: 'DiscrepancyAlreadyResolvedError' }]);
    expect(await reservedInAll()).toBe(30);
  });

  test('until it is cancelled', async () => {
    const id = `called-off-${n}`;
    orders.set(id, order(id, 'PLACED', 30));
    const { run, found } = await expectFound({ kind: 'MISSING_RESERVATION', actual: 30, resolution: 'PENDING' });
    orders.set(id, order(id, 'CANCELLED', 30));
    await deliver(dependencies.queues, 'inventory', orderCancelled, {
      aggregateId: id,
      version: 2,
      payload: { orderId: id, reason: null },
    });
    await expect.poll(async () => (await findRun(inventory, run.id))?.summary.pending, { timeout: 10_000 }).toBe(0);
    await receive(50);
    expect((await resolve(found[0]?.id)).userErrors).toMatchObject([{ __typename: 'DiscrepancyAlreadyResolvedError' }]);
    expect(await reservedInAll()).toBe(0);
  });

  test('and twenty clerks who accept it at once reserve it once', async () => {
    orders.set(`clerks-${n}`, order(`clerks-${n}`, 'PLACED', 30));
    const { found } = await expectFound({ kind: 'MISSING_RESERVATION', actual: 30, resolution: 'PENDING' });
    await receive(100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolve(found[0]?.id)));
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(await reservedInAll()).toBe(30);
  });
});
