import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { expect } from 'vitest';
import {
  type Checkout,
  type Completion,
  complete,
  type Order,
  orderStatus,
  readyToPay,
  type UserError,
} from './shop.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

export interface PlacedOrder extends Order {
  accessToken: string | null;
}

/** Buys units of a sku. */
export async function anOrder(shop: SupergraphUnderTest, sku: string, quantity: number): Promise<PlacedOrder> {
  return placed(shop, await readyToPay(shop.guest, sku, quantity));
}

export async function placed(shop: SupergraphUnderTest, checkout: Checkout): Promise<PlacedOrder> {
  const { order, accessToken, userErrors } = await complete(shop.guest, checkout);
  expect(userErrors).toEqual([]);
  if (order?.status !== 'PLACED') throw new Error(`The order is not placed: ${JSON.stringify(order)}`);
  return { ...order, accessToken };
}

/** Has its units held, and waits for its shopper. */
export interface OrderAtTheBank {
  readonly orderId: string;
  /** The shopper comes back and asks again. */
  pay(): Promise<Completion>;
}

/** Buys units of a sku, which must be nobody else's, with a card that wants a step at the bank. */
export async function anOrderAtTheBank(
  shop: SupergraphUnderTest,
  sku: string,
  quantity: number,
): Promise<OrderAtTheBank> {
  const checkout = await readyToPay(shop.guest, sku, quantity);
  const sameCall = { idempotencyKey: randomUUID(), token: 'tok_3ds' };
  const { userErrors } = await complete(shop.guest, checkout, sameCall);
  expect(userErrors).toMatchObject([{ __typename: 'PaymentActionRequiredError' }]);
  const [held] = await shop.sql<{ order_id: string }>(
    'inventory',
    `SELECT r.order_id FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
     WHERE l.sku = $1 AND r.status = 'HELD'`,
    [sku],
  );
  if (!held) throw new Error('Nothing is held.');
  return {
    orderId: held.order_id,
    async pay() {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const page = await request(userErrors[0]?.actionUrl ?? '', { method: 'POST', headers, body: 'decision=approve' });
      await page.body.dump();
      return complete(shop.guest, checkout, sameCall);
    },
  };
}

/** Waits for the parcels that an order opened, sends all of them, and waits until the order knows. */
export async function dispatchOrder(shop: SupergraphUnderTest, { id, accessToken }: PlacedOrder): Promise<Order> {
  const read = () => orderStatus(shop.guest, id, accessToken);
  await expect
    .poll(async () => (await read())?.shipments.length, { timeout: 60_000, interval: 200 })
    .toBeGreaterThan(0);
  const staff = await shop.staff('orders:write', 'orders:read');
  for (const shipment of (await read())?.shipments ?? []) {
    const { shipmentDispatch } = await staff.ask<{ shipmentDispatch: { userErrors: UserError[] } }>(
      'ShipmentDispatch',
      { input: { shipmentId: shipment.id, carrier: 'UPS', trackingNumber: '1Z999AA10123456784' } },
    );
    expect(shipmentDispatch.userErrors).toEqual([]);
  }
  await expect.poll(async () => (await read())?.status, { timeout: 60_000, interval: 200 }).toBe('SHIPPED');
  const order = await read();
  if (!order) throw new Error(`The order ${id} is gone.`);
  return order;
}

/** Cancels an order that has not left yet. */
export async function cancelOrder(shop: SupergraphUnderTest, { id }: Pick<Order, 'id'>): Promise<void> {
  const staff = await shop.staff('orders:write', 'orders:read');
  const { orderCancel } = await staff.ask<{ orderCancel: { userErrors: UserError[] } }>('OrderCancel', {
    input: { orderId: id, reason: 'asked by phone' },
  });
  expect(orderCancel.userErrors).toEqual([]);
}

/** Units that left for good, by the ledger. */
export async function unitsSold(shop: SupergraphUnderTest, sku: string): Promise<number> {
  const [row] = await shop.sql<{ sold: number }>(
    'inventory',
    `SELECT coalesce(-sum(quantity), 0)::int AS sold FROM stock_movement WHERE sku = $1 AND type = 'SALE'`,
    [sku],
  );
  return row?.sold ?? 0;
}
