import { newId } from '@mercato/ids';
import type { SubgraphAnswers } from '@mercato/subgraph-client';
import { deliver, nextData, staff, subscribe } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../inventory/test/stock.ts';
import { shipmentDelivered, shipmentDispatched } from '../../shipping/src/events/index.ts';
import { OrderTokens } from '../src/domain/order/access-token.ts';
import { aProduct, clerk, complete, openShop, orderTokenKeys, readyCheckout, type Shop, stock } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ sweepEveryMs: 300, leaseMs: 3_000 });
  await shop.work('cart', 'shipping', 'inventory', 'checkout');
  await stock(shop, { MUG: 1_000 });
  await aProduct(shop, 'MUG');
});
afterAll(() => shop.close());

interface Order {
  id: string;
  status: string;
  payments: { status: string }[];
  timeline?: { kind: string }[] | null;
}
const updates = `subscription($id: ID!, $accessToken: String) {
  orderUpdated(id: $id, accessToken: $accessToken) { id status payments { status } } }`;

async function anOrder(): Promise<{ id: string; accessToken: string }> {
  const { order, accessToken } = await complete(shop, await readyCheckout(shop, [{ sku: 'MUG', quantity: 1 }]));
  if (!order || !accessToken) throw new Error('The order was refused.');
  return { id: order.id, accessToken };
}
const next = async (answers: SubgraphAnswers) => (await nextData<{ orderUpdated: Order | null }>(answers)).orderUpdated;

/** The first state that is as wished; what is between is passed over. */
async function until(answers: SubgraphAnswers, wanted: (order: Order) => boolean): Promise<Order> {
  for (;;) {
    const order = await next(answers);
    if (!order) throw new Error('The order may not be read any more.');
    if (wanted(order)) return order;
  }
}

const parcel = (orderId: string, shipmentId: string) => ({
  shipmentId,
  orderId,
  warehouse: 'MAIN',
  carrier: 'post',
  trackingNumber: 'T-1',
  lines: [{ sku: 'MUG', quantity: 1 }],
  dispatchedAt: new Date().toISOString(),
});

test('a guest with the token follows an order to its arrival, and its money', async () => {
  const order = await anOrder();
  const answers = await subscribe(shop.checkout, updates, order);
  expect(await next(answers)).toEqual({ id: order.id, status: 'PLACED', payments: [{ status: 'AUTHORIZED' }] });

  const shipmentId = newId('shipment');
  const shipped = until(answers, ({ status, payments }) => status === 'SHIPPED' && payments[0]?.status === 'CAPTURED');
  const { queues } = shop.dependencies;
  const event = { aggregateId: shipmentId, version: 1 };
  await deliver(queues, 'checkout', shipmentDispatched, { ...event, payload: parcel(order.id, shipmentId) });
  expect(await shipped).toMatchObject({ status: 'SHIPPED', payments: [{ status: 'CAPTURED' }] });

  const delivered = until(answers, ({ status }) => status === 'DELIVERED');
  const payload = { shipmentId, orderId: order.id, at: new Date().toISOString() };
  await deliver(queues, 'checkout', shipmentDelivered, { ...event, version: 2, payload });
  expect(await delivered).toMatchObject({ id: order.id });
  await answers.return();
});

test.each<[string, () => Promise<{ id: string; accessToken?: string | null }>, ReturnType<typeof staff> | undefined]>([
  ['without a token', async () => ({ ...(await anOrder()), accessToken: null }), undefined],
  ['with the token of another order', async () => ({ ...(await anOrder()), id: (await anOrder()).id }), undefined],
  ['with staff who may read something else', async () => ({ id: (await anOrder()).id }), staff('inventory:read')],
  ['that is none', async () => ({ id: newId('order') }), clerk],
])('an order %s is nobody’s to follow', async (_what, key, viewer) => {
  const answers = await subscribe(shop.checkout, updates, await key(), viewer);
  expect(await next(answers)).toBeNull();
  expect((await answers.next()).done).toBe(true);
});

test('what is for staff alone is so for each event', async () => {
  const order = await anOrder();
  const query = updates.replace('status payments', 'timeline { kind } status payments');
  const guest = await subscribe(shop.checkout, query, order);
  const employee = await subscribe(shop.checkout, query, { id: order.id }, clerk);
  const read = async () => [(await guest.next()).value, (await employee.next()).value];
  for (const round of [1, 2]) {
    const [told, toldStaff] = await read();
    expect(told).toMatchObject({
      data: { orderUpdated: { id: order.id, timeline: null } },
      errors: [{ path: ['orderUpdated', 'timeline'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(toldStaff?.errors).toBeUndefined();
    const seen = toldStaff?.data?.orderUpdated as Order | undefined;
    expect(seen?.timeline?.filter(({ kind }) => kind === 'NOTE')).toHaveLength(round - 1);
    await sql(
      shop.dependencies,
      `INSERT INTO order_timeline_entry (id, order_id, kind, message) VALUES ($1, $2, 'NOTE', 'Called.')`,
      [newId('timeline'), order.id],
    );
  }
  await Promise.all([guest.return(), employee.return()]);
});

test('an order that is gone is over for whoever follows it', async () => {
  const order = await anOrder();
  const answers = await subscribe(shop.checkout, updates, order);
  await next(answers);
  await sql(
    shop.dependencies,
    `WITH gone AS (DELETE FROM customer_order WHERE id = $1) UPDATE payment SET updated_at = now() WHERE order_id = $1`,
    [order.id],
  );
  expect(await next(answers)).toBeNull();
  expect((await answers.next()).done).toBe(true);
});

/** Copies of an order, as if so many had been placed. */
async function copies(of: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('order'));
  await sql(
    shop.dependencies,
    `INSERT INTO customer_order SELECT o.* FROM unnest($2::text[]) AS copy(id), customer_order original,
       jsonb_populate_record(original, jsonb_build_object('id', copy.id, 'number', copy.id)) AS o
     WHERE original.id = $1`,
    [of, ids],
  );
  return ids;
}

test('five hundred orders are followed at once, and each hears of its own change', async () => {
  const ids = await copies((await anOrder()).id, 500);
  const tokens = new OrderTokens(orderTokenKeys);
  const followed = await Promise.all(
    ids.map(async (id) => {
      const accessToken = tokens.issue({ id, tokenVersion: tokens.currentVersion });
      return { id, answers: await subscribe(shop.checkout, updates, { id, accessToken }) };
    }),
  );
  await Promise.all(followed.map(({ answers }) => next(answers)));
  const all = Promise.all(followed.map(async ({ id, answers }) => ({ id, now: await next(answers) })));
  await sql(shop.dependencies, `UPDATE customer_order SET status = 'SHIPPED' WHERE id = ANY($1)`, [ids]);
  for (const { id, now } of await all) expect(now).toMatchObject({ id, status: 'SHIPPED' });
  await Promise.all(followed.map(({ answers }) => answers.return()));
});

test('the state after a lost connection is sent, although nobody told of it', async () => {
  const order = await anOrder();
  const answers = await subscribe(shop.checkout, updates, order);
  await next(answers);
  const listeners = async () =>
    (
      await sql<{ pid: number }>(
        shop.dependencies,
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'live-listener' AND datname = current_database()`,
      )
    ).map(({ pid }) => pid);
  const [pid] = await listeners();
  const later = until(answers, ({ status }) => status === 'CANCELLED');
  await sql(shop.dependencies, 'SELECT pg_terminate_backend($1)', [pid]);
  await expect.poll(listeners).not.toContain(pid);
  await sql(shop.dependencies, `UPDATE customer_order SET status = 'CANCELLED' WHERE id = $1`, [order.id]);
  expect(await later).toMatchObject({ id: order.id });
  await answers.return();
});
