import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSettings } from '../src/settings.ts';
import { createSubgraph } from '../src/subgraph.ts';
import { orderBook } from './orders.ts';
import { firstRunEnded, type Run, reconcile } from './reconciling.ts';
import { aKey, confirm, release, reserve, sql, staffCall, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;
const { subgraph: checkout, orders } = orderBook();
const skus = ['A', 'B', 'C', 'D', 'E'];

beforeAll(async () => {
  dependencies = await testDependencies('inventory', (name) => (name === 'checkout' ? checkout : undefined));
  inventory = await createSubgraph({
    ...dependencies,
    holdSweepMs: 50,
    reconciliationEveryMs: 3_600_000,
    reconciliation: { ...defaultSettings.reconciliation, chunkSize: 2, graceMs: 60_000 },
  });
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST'],
    stock: Object.fromEntries(skus.map((sku) => [sku, { MAIN: 40, EAST: 20 }])),
  });
  worker = await inventory.startWorker();
  await firstRunEnded(inventory);
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

/** The same every time: a failure can be looked at again. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const pick = sequence(42);
const aSku = () => skus[pick(skus.length)] ?? 'A';
const aWarehouse = () => (pick(2) === 0 ? 'MAIN' : 'EAST');

async function order(id: string): Promise<void> {
  const lines = Array.from({ length: 1 + pick(3) }, () => ({ sku: aSku(), quantity: 1 + pick(3) }));
  const fate = pick(4);
  orders.set(id, { id, status: 'PENDING', country: 'US', lines });
  const expiresAt = new Date(Date.now() + (fate === 0 ? 30 : 3_600_000)).toISOString();
  const { reservation } = await reserve(inventory, { orderId: id, lines, country: 'US', expiresAt });
  if (!reservation || fate <= 1) return;
  const { reservation: confirmed } = await confirm(inventory, id);
  if (confirmed && fate === 2) await release(inventory, id);
}

const receive = () =>
  staffCall(inventory, 'stockReceive', 'StockReceiveInput', 'userErrors { __typename }', {
    warehouse: aWarehouse(),
    lines: [{ sku: aSku(), quantity: 1 + pick(5) }],
    idempotencyKey: aKey(),
  });
const adjust = () =>
  staffCall(inventory, 'stockAdjust', 'StockAdjustInput', 'userErrors { __typename }', {
    warehouse: aWarehouse(),
    sku: aSku(),
    delta: pick(2) === 0 ? -1 : 1,
    reason: 'CORRECTION',
    idempotencyKey: aKey(),
  });
const transfer = () =>
  staffCall(inventory, 'stockTransfer', 'StockTransferInput', 'userErrors { __typename }', {
    ...(pick(2) === 0
      ? { fromWarehouse: 'MAIN', toWarehouse: 'EAST' }
      : { fromWarehouse: 'EAST', toWarehouse: 'MAIN' }),
    lines: [{ sku: aSku(), quantity: 1 + pick(3) }],
    idempotencyKey: aKey(),
  });

const operation = (n: number): Promise<unknown> => [receive, adjust, transfer][pick(8)]?.() ?? order(`order-${n}`);

/** What the books disagree on: nothing. */
const disagreements = () =>
  sql(
    dependencies,
    `WITH ledger AS (SELECT sku, warehouse_id, sum(quantity) AS q FROM stock_movement GROUP BY 1, 2),
       held AS (SELECT l.sku, l.warehouse_id, sum(l.quantity - l.fulfilled_quantity) AS q FROM reservation_line l
         JOIN reservation r ON r.id = l.reservation_id AND r.status IN ('HELD', 'CONFIRMED') GROUP BY 1, 2)
     SELECT s.sku, s.on_hand, ledger.q AS ledger, s.reserved, held.q AS held FROM stock_level s
     LEFT JOIN ledger USING (sku, warehouse_id) LEFT JOIN held USING (sku, warehouse_id)
     WHERE s.on_hand <> coalesce(ledger.q, 0) OR s.reserved <> coalesce(held.q, 0) OR s.reserved > s.on_hand
     UNION ALL
     SELECT a.sku, a.available, sum(greatest(s.on_hand - s.reserved - s.safety_stock, 0)), 0, 0
     FROM sku_availability a JOIN stock_level s USING (sku) GROUP BY a.sku, a.available
     HAVING a.available <> sum(greatest(s.on_hand - s.reserved - s.safety_stock, 0))`,
  );

test('two hundred mixed operations, sixteen at a time, leave ledger, reservations and levels agreeing', async () => {
  let next = 0;
  const lane = async () => {
    while (next < 200) {
      next += 1;
      await operation(next);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  const balances = await sql(
    dependencies,
    `SELECT sku FROM (SELECT sku, balance_after, sum(quantity) OVER (PARTITION BY sku, warehouse_id ORDER BY seq) AS running
       FROM stock_movement) m WHERE balance_after <> running`,
  );
  expect(balances).toEqual([]);
  // Corrections downwards may leave a level short; nothing else may be off.
  const off = await disagreements();
  expect(
    off.filter(
      ({ on_hand, ledger, reserved, held }) =>
        Number(on_hand) !== Number(ledger) || Number(reserved) !== Number(held ?? 0),
    ),
  ).toEqual([]);
});

test('runs under live traffic heal nothing falsely', async () => {
  let stop = false;
  let done = 0;
  const traffic = Array.from({ length: 6 }, async () => {
    while (!stop) {
      done += 1;
      await operation(10_000 + done);
    }
  });
  const runs: Run[] = [];
  try {
    for (let n = 0; n < 5; n += 1) runs.push(await reconcile(inventory));
  } finally {
    stop = true;
    await Promise.all(traffic);
  }

  expect(done).toBeGreaterThan(20);
  for (const { status, summary, discrepancies } of runs) {
    expect(status).toBe('COMPLETED');
    expect(summary).toMatchObject({ recomputed: 0, orphaned: 0 });
    const kinds = new Set(discrepancies.nodes.map(({ kind }) => kind));
    // Holds do lapse meanwhile, and corrections may leave a level short: both are true.
    expect([...kinds].filter((kind) => kind !== 'EXPIRED_RESERVATION' && kind !== 'SHORTAGE')).toEqual([]);
  }
});
