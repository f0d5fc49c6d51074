import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disagreements } from '../src/agreement.ts';
import type { Client } from '../src/client.ts';
import {
  anOrder,
  anOrderAtTheBank,
  cancelOrder,
  dispatchOrder,
  type PlacedOrder,
  placed,
  unitsSold,
} from '../src/orders.ts';
import {
  driftedLevels,
  endedRun,
  nothingFound,
  type Run,
  reconcile,
  startRun,
  stockKeeper,
  untilFirstRunEnded,
} from '../src/reconciliation.ts';
import { sabotage } from '../src/sabotage.ts';
import { aProduct, complete, readyToPay, stockLevel, type UserError } from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

let shop: SupergraphUnderTest;
let staff: Client;
beforeAll(async () => {
  // A grace so short that orders are compared while their neighbours are still being placed.
  shop = await startSupergraph({ topology: 'processes', inventory: { reconciliationGraceMs: 2_000 } });
  staff = await stockKeeper(shop);
});
afterAll(() => shop?.stop());

test('checkout is killed during a run: orders are not compared, the run says so, and nothing is released', async () => {
  await untilFirstRunEnded(staff);
  const { sku } = await aProduct(shop, { onHand: 10 });
  const kept = await anOrder(shop, sku, 2);
  await sabotage(shop).strandReservation(sku, 3);
  await sabotage(shop).changeLevel(sku, { onHand: 5 });

  // Hung first, so that the run is met asking it.
  const { pid } = shop.service('checkout');
  if (pid === undefined) throw new Error('checkout does not run.');
  process.kill(pid, 'SIGSTOP');
  const id = await startRun(staff);
  const step = async () => (await shop.sql('inventory', 'SELECT step FROM reconciliation_run WHERE id = $1', [id]))[0];
  await expect.poll(step, { timeout: 20_000, interval: 20 }).toEqual({ step: 'RESERVATIONS' });
  await shop.service('checkout').kill('SIGKILL');
  try {
    const run = await endedRun(staff, id);
    expect(run).toMatchObject({ status: 'COMPLETED', summary: { orphaned: 0, released: 0, recomputed: 1 } });
    expect(run.discrepancies).toMatchObject([{ kind: 'LEDGER_DRIFT', sku, resolution: 'HEALED' }]);
    expect(await omissionOf(id)).toContain('checkout could not be asked');
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 10, reserved: 5, available: 5 });
  } finally {
    await shop.service('checkout').start();
  }

  const next = await reconcile(staff);
  expect(next.discrepancies).toMatchObject([{ kind: 'ORPHANED_RESERVATION', sku, expected: 3, resolution: 'HEALED' }]);
  expect(await omissionOf(next.id)).toBeNull();
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 10, reserved: 2, available: 8 });
  await dispatchOrder(shop, kept);
  await expect.poll(() => unitsSold(shop, sku), { timeout: 20_000 }).toBe(2);
});

async function omissionOf(id: string): Promise<string | null> {
  const { data } = await staff.query<{ reconciliationRun: { omission: string | null } | null }>(
    'query ($id: ID!) { reconciliationRun(id: $id) { omission } }',
    { id },
  );
  if (!data?.reconciliationRun) throw new Error(`The run ${id} is gone.`);
  return data.reconciliationRun.omission;
}

test('runs under live traffic heal nothing falsely', async () => {
  const onHand = 60;
  const skus = await Promise.all(Array.from({ length: 4 }, async () => (await aProduct(shop, { onHand })).sku));
  // Whoever cancels buys this one: a run may be there before the news of the cancellation.
  const { sku: cancelled } = await aProduct(shop, { onHand });
  const skuOf = (n: number) => skus[n % skus.length] ?? '';

  // Held for an order that is not placed, longer than the grace: every run sees it and must leave it.
  const { sku: slow } = await aProduct(shop, { onHand });
  const atTheBank = await anOrderAtTheBank(shop, slow, 3);

  let traffic = 'on';
  const shoppers = Promise.all([
    ...Array.from({ length: 20 }, (_, n) => shopper(n, skuOf)),
    ...Array.from({ length: 4 }, () => fickleShopper(cancelled)),
    stockKeepersDay(skus),
  ]).finally(() => {
    traffic = 'over';
  });
  const runs: Run[] = [];
  while (traffic === 'on') runs.push(await reconcile(staff));
  await shoppers;

  expect(runs.length).toBeGreaterThan(1);
  expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'COMPLETED'));
  const found = runs.flatMap(({ discrepancies }) => discrepancies);
  expect(found.filter(({ sku }) => sku !== cancelled)).toEqual([]);
  expect(found.filter(({ kind }) => kind !== 'ORPHANED_RESERVATION')).toEqual([]);

  const { order, userErrors } = await atTheBank.pay();
  expect(userErrors).toEqual([]);
  expect(order?.status).toBe('PLACED');
  expect(await stockLevel(shop, slow)).toEqual({ sku: slow, onHand, reserved: 3, available: onHand - 3 });

  await expect.poll(() => disagreements(shop), { timeout: 30_000, interval: 200 }).toEqual([]);
  expect(await driftedLevels(shop)).toEqual([]);
  for (const sku of skus) await bookedOnce(sku, onHand);
  expect(await stockLevel(shop, cancelled)).toEqual({ sku: cancelled, onHand, reserved: 0, available: onHand });
  expect(await reconcile(staff)).toMatchObject(nothingFound);
});

/** Buys twice, with a declined card in between; the first order is sent off while the second is placed. */
async function shopper(n: number, skuOf: (n: number) => string): Promise<void> {
  const first = await anOrder(shop, skuOf(n), 1 + (n % 2));
  const [second] = await Promise.all([orderAfterDecline(skuOf(n + 1)), dispatchOrder(shop, first)]);
  // Every other one stays with the shop.
  if (n % 2 === 0) await dispatchOrder(shop, second);
}

async function orderAfterDecline(sku: string): Promise<PlacedOrder> {
  const checkout = await readyToPay(shop.guest, sku);
  const declined = await complete(shop.guest, checkout, { token: 'tok_declined' });
  expect(declined.userErrors).toMatchObject([{ __typename: 'PaymentDeclinedError' }]);
  return placed(shop, checkout);
}

const fickleShopper = async (sku: string): Promise<void> => cancelOrder(shop, await anOrder(shop, sku, 2));

/** Goods come in, move, and break, while all is being sold. */
async function stockKeepersDay(skus: readonly string[]): Promise<void> {
  const done = async (operation: string, input: Record<string, unknown>) => {
    const answer = await staff.ask<Record<string, { userErrors: UserError[] }>>(operation, {
      input: { ...input, idempotencyKey: randomUUID() },
    });
    expect(Object.values(answer)[0]?.userErrors).toEqual([]);
  };
  for (const sku of skus) {
    await done('StockReceive', { warehouse: 'MAIN', lines: [{ sku, quantity: 7 }], reference: 'PO-2' });
    await done('StockTransfer', { fromWarehouse: 'MAIN', toWarehouse: 'EAST', lines: [{ sku, quantity: 5 }] });
    await done('StockAdjust', { warehouse: 'MAIN', sku, delta: -1, reason: 'DAMAGED' });
  }
}

/** What came in less what left is what is there, and what is promised is what orders wait for. */
async function bookedOnce(sku: string, onHand: number): Promise<void> {
  const [{ shipped = 0, waiting = 0 } = {}] = await shop.sql<{ shipped: number; waiting: number }>(
    'checkout',
    `SELECT coalesce(sum(l.quantity) FILTER (WHERE o.status = 'SHIPPED'), 0)::int AS shipped,
       coalesce(sum(l.quantity) FILTER (WHERE o.status = 'PLACED'), 0)::int AS waiting
     FROM customer_order o JOIN order_line l ON l.order_id = o.id WHERE l.sku = $1`,
    [sku],
  );
  expect(shipped).toBeGreaterThan(0);
  expect(await unitsSold(shop, sku)).toBe(shipped);
  const left = onHand + 7 - 1 - shipped;
  expect(await stockLevel(shop, sku)).toEqual({ sku, onHand: left, reserved: waiting, available: left - waiting });
}
