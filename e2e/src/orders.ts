import { expect } from 'vitest';
import { type Checkout, complete, type Order, orderStatus, readyToPay, type UserError } from './shop.ts';
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
