import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../src/client.ts';
import {
  anOrder,
  anOrderAtTheBank,
  cancelOrder,
  dispatchOrder,
  type OrderAtTheBank,
  type PlacedOrder,
  unitsSold,
} from '../src/orders.ts';
import {
  type Discrepancy,
  driftedLevels,
  endedRun,
  listRuns,
  nothingFound,
  type Run,
  readRun,
  reconcile,
  stockKeeper,
  untilFirstRunEnded,
} from '../src/reconciliation.ts';
import { type Sabotage, sabotage } from '../src/sabotage.ts';
import { aProduct, stockLevel, type UserError } from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const graceMs = 1_000;

let shop: SupergraphUnderTest;
let staff: Client;
let broken: Sabotage;
beforeAll(async () => {
  // The sweep of lapsed holds must leave them to the runs.
  shop = await startSupergraph({
    topology: 'embedded',
    inventory: { holdSweepMs: 3_600_000, reconciliationGraceMs: graceMs },
  });
  staff = await stockKeeper(shop);
  broken = sabotage(shop);
});
afterAll(() => shop?.stop());

/** Products of their own with twenty units each. */
const products = (...names: string[]) => Promise.all(names.map(async () => (await aProduct(shop, { onHand: 20 })).sku));

const found = (run: Run, sku: string): Discrepancy[] => run.discrepancies.filter((each) => each.sku === sku);

/** Waits until an order is old enough to be compared. */
const untilPastGrace = ({ placedAt }: PlacedOrder) =>
  expect.poll(() => Date.now() - Date.parse(placedAt ?? ''), { timeout: 20_000 }).toBeGreaterThan(graceMs);

describe('real orders and levels that went wrong past the code', () => {
  const main = { code: 'MAIN' };
  let skus: Record<
    'stranded' | 'lost' | 'unreleased' | 'unconfirmed' | 'lapsed' | 'drifted' | 'twice' | 'told',
    string
  >;
  let lost: PlacedOrder;
  let atTheBank: OrderAtTheBank;
  let first: Run;

  // What follows are looks at what this has left behind.
  async function wreckAndRun(): Promise<void> {
    const [a, b, c, d, e, f, g, h] = await products('1', '2', '3', '4', '5', '6', '7', '8');
    if (!a || !b || !c || !d || !e || !f || !g || !h) throw new Error('There are products missing.');
    skus = { stranded: a, lost: b, unreleased: c, unconfirmed: d, lapsed: e, drifted: f, twice: g, told: h };
    lost = await anOrder(shop, skus.lost, 3);
    const unreleased = await anOrder(shop, skus.unreleased, 4);
    await cancelled(unreleased);
    const unconfirmed = await anOrder(shop, skus.unconfirmed, 2);
    const waiting = await anOrderAtTheBank(shop, skus.lapsed, 5);
    atTheBank = waiting;
    await untilPastGrace(unconfirmed);

    await broken.strandReservation(skus.stranded, 6);
    await broken.loseReservation(lost.id);
    await broken.reopenReservation(unreleased.id);
    await broken.unconfirmReservation(unconfirmed.id);
    await broken.lapseHold(waiting.orderId);
    await broken.changeLevel(skus.drifted, { onHand: 7, reserved: 3 });
    await broken.changeLevel(skus.twice, { onHand: 20 });
    await broken.tellAvailable(skus.told, 0);
    first = await reconcile(staff);
  }

  test('a run over a shop in order finds nothing', async () => {
    await untilFirstRunEnded(staff);
    expect(await reconcile(staff)).toMatchObject(nothingFound);
  });

  test('a run names each, with its cause', async () => {
    await wreckAndRun();
    expect(first).toMatchObject({ status: 'COMPLETED', trigger: 'STAFF' });
    expect(first.progress.scanned).toBe(first.progress.total);
    const expected: [keyof typeof skus, Partial<Discrepancy>[]][] = [
      [
        'stranded',
        [{ kind: 'ORPHANED_RESERVATION', cause: 'MISSED_RELEASE', expected: 6, actual: 0, warehouse: main }],
      ],
      ['lost', [{ kind: 'MISSING_RESERVATION', cause: 'UNKNOWN', expected: 0, actual: 3 }]],
      ['unreleased', [{ kind: 'ORPHANED_RESERVATION', cause: 'MISSED_RELEASE', expected: 4, actual: 0 }]],
      ['unconfirmed', [{ kind: 'MISSING_RESERVATION', cause: 'MISSED_CONFIRMATION', expected: 0, actual: 2 }]],
      ['lapsed', [{ kind: 'EXPIRED_RESERVATION', cause: 'MISSED_RELEASE', expected: 5, actual: 0, warehouse: main }]],
      [
        'drifted',
        [
          { kind: 'LEDGER_DRIFT', cause: 'CHANGED_PAST_LEDGER', expected: 27, actual: 20, difference: -7 },
          { kind: 'LEDGER_DRIFT', cause: 'CHANGED_PAST_LEDGER', expected: 3, actual: 0, difference: -3 },
        ],
      ],
      ['twice', [{ kind: 'LEDGER_DRIFT', cause: 'APPLIED_TWICE', expected: 40, actual: 20, warehouse: main }]],
      ['told', [{ kind: 'LEDGER_DRIFT', cause: 'CHANGED_PAST_LEDGER', expected: 0, actual: 20, warehouse: null }]],
    ];
    for (const [name, discrepancies] of expected) {
      const healed = discrepancies.map((each) => ({ ...each, sku: skus[name], resolution: 'HEALED' }));
      expect(found(first, skus[name]), name).toMatchObject(healed);
    }
    expect(first.discrepancies).toHaveLength(9);
    expect(first.discrepancies.every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
    expect(first.summary).toEqual({ released: 1, recomputed: 3, orphaned: 4, counted: 0, healed: 9, pending: 0 });
  });

  test('the levels are healed', async () => {
    const reserved = { stranded: 0, lost: 3, unreleased: 0, unconfirmed: 2, lapsed: 0, drifted: 0, twice: 0, told: 0 };
    for (const [name, units] of Object.entries(reserved) as [keyof typeof skus, number][])
      expect(await stockLevel(shop, skus[name]), name).toEqual({
        sku: skus[name],
        onHand: 20,
        reserved: units,
        available: 20 - units,
      });
    expect(await driftedLevels(shop)).toEqual([]);
  });

  test('a second run finds nothing', async () => {
    expect(await reconcile(staff)).toMatchObject(nothingFound);
    expect(await readRun(staff, first.id, 'PENDING')).toMatchObject({ discrepancies: [] });
    expect((await listRuns(staff)).find(({ id }) => id === first.id)?.summary).toMatchObject({ healed: 9, pending: 0 });
  });

  test('the order that had lost its reservation is dispatched like any other', async () => {
    await dispatchOrder(shop, lost);
    await expect.poll(() => unitsSold(shop, skus.lost), { timeout: 20_000 }).toBe(3);
    expect(await stockLevel(shop, skus.lost)).toMatchObject({ onHand: 17, reserved: 0, available: 17 });
  });

  test('who comes back from the bank after the hold lapsed still gets the goods', async () => {
    const { order, userErrors } = await atTheBank.pay();
    expect(userErrors).toEqual([]);
    expect(order?.status).toBe('PLACED');
    expect(await stockLevel(shop, skus.lapsed)).toMatchObject({ onHand: 20, reserved: 5, available: 15 });
  });

  async function cancelled(order: PlacedOrder): Promise<void> {
    await cancelOrder(shop, order);
    const open = () =>
      shop.sql('inventory', `SELECT id FROM reservation WHERE order_id = $1 AND status <> 'RELEASED'`, [order.id]);
    await expect.poll(open, { timeout: 20_000 }).toEqual([]);
  }
});

describe('counts', () => {
  test('a slight difference is healed; large ones wait, and staff accept the count or keep the books', async () => {
    const [slight, accept, keep] = await products('slight', 'accept', 'keep');
    if (!slight || !accept || !keep) throw new Error('There are products missing.');
    const before = await anOrder(shop, accept, 2);
    const countedAt = new Date();
    // Goods that leave after the count were on the shelf when it was taken.
    await dispatchOrder(shop, before);
    await expect.poll(() => unitsSold(shop, accept), { timeout: 20_000 }).toBe(2);
    const run = await counted(countedAt, [
      { sku: slight, counted: 18 },
      { sku: accept, counted: 50 },
      { sku: keep, counted: 4 },
    ]);

    const about = { kind: 'COUNT_MISMATCH', cause: 'SHELF_DIFFERS', expected: 20 };
    expect(run).toMatchObject({
      status: 'COMPLETED',
      trigger: 'COUNT',
      summary: { counted: 3, healed: 1, pending: 2 },
    });
    expect(run.discrepancies).toHaveLength(3);
    expect(found(run, slight)).toMatchObject([{ ...about, actual: 18, difference: -2, resolution: 'HEALED' }]);
    expect(found(run, accept)).toMatchObject([{ ...about, actual: 50, difference: 30, resolution: 'PENDING' }]);
    expect(found(run, keep)).toMatchObject([{ ...about, actual: 4, difference: -16, resolution: 'PENDING' }]);
    expect(await stockLevel(shop, slight)).toMatchObject({ onHand: 18 });
    expect(await stockLevel(shop, accept)).toMatchObject({ onHand: 18 });
    expect(await stockLevel(shop, keep)).toMatchObject({ onHand: 20 });

    expect(await resolved(found(run, accept), 'ACCEPT_COUNT')).toBe('ACCEPT_COUNT');
    expect(await resolved(found(run, keep), 'KEEP_SYSTEM')).toBe('KEEP_SYSTEM');
    expect(await stockLevel(shop, accept)).toMatchObject({ onHand: 48, available: 48 });
    expect(await stockLevel(shop, keep)).toMatchObject({ onHand: 20, available: 20 });
    expect((await readRun(staff, run.id)).summary).toMatchObject({ pending: 0 });
    expect(await readRun(staff, run.id, 'PENDING')).toMatchObject({ discrepancies: [] });
    expect(await reconcile(staff)).toMatchObject(nothingFound);
    expect(await driftedLevels(shop)).toEqual([]);
  });

  /** Sends a count in. @returns the run that compared it */
  async function counted(countedAt: Date, lines: { sku: string; counted: number }[]): Promise<Run> {
    const earlier = new Set((await listRuns(staff)).map(({ id }) => id));
    const { stockCountSubmit } = await staff.ask<{
      stockCountSubmit: { count: { id: string; lineCount: number } | null; userErrors: UserError[] };
    }>('StockCountSubmit', { input: { warehouse: 'MAIN', lines, countedAt, idempotencyKey: randomUUID() } });
    expect(stockCountSubmit).toMatchObject({ count: { lineCount: lines.length }, userErrors: [] });
    const mine = async () => (await listRuns(staff)).find(({ id, trigger }) => trigger === 'COUNT' && !earlier.has(id));
    await expect.poll(async () => (await mine())?.status, { timeout: 20_000 }).toBeDefined();
    return endedRun(staff, (await mine())?.id ?? '');
  }

  async function resolved([discrepancy]: readonly Discrepancy[], resolution: string): Promise<string | undefined> {
    const { discrepancyResolve } = await staff.ask<{
      discrepancyResolve: { discrepancy: { resolution: string } | null; userErrors: UserError[] };
    }>('DiscrepancyResolve', { input: { discrepancyId: discrepancy?.id, resolution } });
    expect(discrepancyResolve.userErrors).toEqual([]);
    return discrepancyResolve.discrepancy?.resolution;
  }
});
