import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import {
  aCart,
  aCheckout,
  aProduct,
  type Cart,
  complete,
  type Order,
  orderStatus,
  readyToPay,
  stockLevel,
  type UserError,
} from './shop.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

/** What shoppers and staff live through. */
export function describeJourneys(shop: () => SupergraphUnderTest): void {
  describe('a shop', () => {
    test('from browsing to the sale in the ledger', () => fromBrowsingToTheLedger(shop()));
    test('a price that changed meanwhile is shown before it is charged', () => priceChanged(shop()));
    test('stock that went meanwhile is told with what is left', () => stockGone(shop()));
    test('after a declined card another one pays', () => declinedThenPaid(shop()));
    test('the same click eight times gives one order and one authorization', () => eightClicks(shop()));
    test('eight clicks with keys of their own give one order and one authorization', () => eightKeys(shop()));
    test('a card that wants a step at the bank pays after it', () => stepAtTheBank(shop()));
    test('a charge whose answer is lost becomes one order', () => lostAnswer(shop()));
  });
}

async function fromBrowsingToTheLedger(shop: SupergraphUnderTest): Promise<void> {
  const { products } = await shop.guest.ask<{ products: { nodes: { handle: string }[] } }>('ProductList', {
    filter: { category: 'kitchen', inStock: true },
    sort: 'PRICE_ASC',
    first: 5,
  });
  const handle = products.nodes[0]?.handle;
  const { product } = await shop.guest.ask<{
    product: { variants: { sku: string; availability: { status: string; quantityAvailable: number | null } | null }[] };
  }>('ProductPage', { handle });
  const variant = product.variants.find(({ availability }) => availability?.status === 'IN_STOCK');
  if (!variant) throw new Error(`No variant of ${handle} is in stock: ${JSON.stringify(product.variants)}`);
  const before = await stockLevel(shop, variant.sku);

  const checkout = await readyToPay(shop.guest, variant.sku, 2);
  expect(checkout.cost.tax).toEqual({ amount: '0.00', currency: 'USD' });
  const { order, accessToken, userErrors } = await complete(shop.guest, checkout);
  expect(userErrors).toEqual([]);
  expect(order).toMatchObject({ status: 'PLACED', cost: { total: checkout.cost.total } });
  if (!order) return;
  expect(order.lines).toMatchObject([{ sku: variant.sku, quantity: 2, variant: { product: { handle } } }]);
  expect(await stockLevel(shop, variant.sku)).toMatchObject({
    onHand: before.onHand,
    reserved: before.reserved + 2,
    available: before.available - 2,
  });

  await dispatchAll(shop, order, accessToken);
  const after = await stockLevel(shop, variant.sku);
  expect(after).toMatchObject({
    onHand: before.onHand - 2,
    reserved: before.reserved,
    available: before.available - 2,
  });
  const staff = await shop.staff('inventory:read', 'orders:read');
  const { stockMovements } = await staff.ask<{ stockMovements: { nodes: { type: string; quantity: number }[] } }>(
    'StockHistory',
    { sku: variant.sku },
  );
  const sold = stockMovements.nodes.filter(({ type }) => type === 'SALE');
  expect(sold.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(-2);
  const { order: told } = await staff.ask<{ order: { timeline: { kind: string }[] } }>('OrderTimeline', {
    id: order.id,
  });
  expect(told.timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['PLACED', 'SHIPPED']));
  await expect
    .poll(async () => (await shop.authorizations(order.id)).map(({ status }) => status), { timeout: 20_000 })
    .toEqual(['captured']);
}

/** Waits for the parcels that the order opened, sends each, and waits until the order and the ledger know. */
async function dispatchAll(shop: SupergraphUnderTest, order: Order, accessToken: string | null): Promise<void> {
  const seen = async () => (await orderStatus(shop.guest, order.id, accessToken))?.shipments ?? [];
  await expect.poll(async () => (await seen()).length, { timeout: 20_000 }).toBeGreaterThan(0);
  const staff = await shop.staff('orders:write', 'orders:read');
  for (const { id } of await seen()) {
    const { shipmentDispatch } = await staff.ask<{
      shipmentDispatch: { shipment: { status: string } | null; userErrors: UserError[] };
    }>('ShipmentDispatch', { input: { shipmentId: id, carrier: 'UPS', trackingNumber: '1Z999AA10123456784' } });
    expect(shipmentDispatch.userErrors).toEqual([]);
  }
  await expect
    .poll(async () => (await orderStatus(shop.guest, order.id, accessToken))?.status, { timeout: 20_000 })
    .toBe('SHIPPED');
  for (const { sku } of order.lines) {
    const sales = async () =>
      (await shop.sql<{ type: string }>('inventory', 'SELECT type FROM stock_movement WHERE sku = $1', [sku])).filter(
        ({ type }) => type === 'SALE',
      ).length;
    await expect.poll(sales, { timeout: 20_000 }).toBeGreaterThan(0);
  }
}

async function priceChanged(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5, price: '10.00' });
  const cart = await aCart(shop.guest, sku);
  const checkout = await aCheckout(shop.guest, cart);
  const staff = await shop.staff('catalog:write');
  await staff.ask('VariantPriceUpdate', { input: { sku, price: { amount: '12.50', currency: 'USD' } } });
  const unitPrice = async () =>
    (await shop.guest.ask<{ cart: Cart }>('CartView', { id: cart.id })).cart.lines[0]?.unitPrice.amount;
  await expect.poll(unitPrice, { timeout: 20_000 }).toBe('12.50');

  const first = await complete(shop.guest, checkout);
  expect(first.order).toBeNull();
  expect(first.userErrors).toMatchObject([{ __typename: 'PriceChangedError' }]);
  const currentTotal = first.userErrors[0]?.currentTotal;
  expect(Number(currentTotal?.amount)).toBeCloseTo(Number(checkout.cost.total.amount) + 2.5, 2);
  expect(await stockLevel(shop, sku)).toMatchObject({ reserved: 0 });

  if (!currentTotal) return;
  const second = await complete(shop.guest, checkout, { expectedTotal: currentTotal });
  expect(second).toMatchObject({ order: { status: 'PLACED', cost: { total: currentTotal } }, userErrors: [] });
}

async function stockGone(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 3 });
  const checkout = await readyToPay(shop.guest, sku, 3);
  expect((await complete(shop.guest, await readyToPay(shop.guest, sku, 2))).userErrors).toEqual([]);

  const late = await complete(shop.guest, checkout);
  expect(late.order).toBeNull();
  expect(late.userErrors).toMatchObject([{ __typename: 'InsufficientStockError', sku, requested: 3, available: 1 }]);
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 3, reserved: 2, available: 1 });
}

async function declinedThenPaid(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const checkout = await readyToPay(shop.guest, sku);
  const declined = await complete(shop.guest, checkout, { token: 'tok_insufficient_funds' });
  expect(declined.order).toBeNull();
  expect(declined.userErrors).toMatchObject([
    { __typename: 'PaymentDeclinedError', declineCode: 'INSUFFICIENT_FUNDS' },
  ]);
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 0 });

  const paid = await complete(shop.guest, checkout, { token: 'tok_visa' });
  expect(paid).toMatchObject({ order: { status: 'PLACED' }, userErrors: [] });
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1 });
}

async function eightClicks(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 20 });
  const checkout = await readyToPay(shop.guest, sku);
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => complete(shop.guest, checkout, { idempotencyKey })),
  );
  expect(answers.map(({ userErrors }) => userErrors)).toEqual(answers.map(() => []));
  expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
  await oneOrderOf(shop, answers[0]?.order?.id, sku);
}

async function eightKeys(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 20 });
  const checkout = await readyToPay(shop.guest, sku);
  const answers = await Promise.all(Array.from({ length: 8 }, () => complete(shop.guest, checkout)));
  const orders = answers.flatMap(({ order }) => order ?? []);
  expect(orders.length).toBeGreaterThan(0);
  expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
  await oneOrderOf(shop, orders[0]?.id, sku);
}

async function oneOrderOf(shop: SupergraphUnderTest, orderId: string | undefined, sku: string): Promise<void> {
  expect(orderId).toBeDefined();
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 20, reserved: 1, available: 19 });
  const authorized = (await shop.authorizations(orderId ?? '')).filter(({ status }) => status === 'authorized');
  expect(authorized).toHaveLength(1);
}

async function stepAtTheBank(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const checkout = await readyToPay(shop.guest, sku);
  const sameCall = { idempotencyKey: randomUUID(), token: 'tok_3ds' };
  const first = await complete(shop.guest, checkout, sameCall);
  expect(first.order).toBeNull();
  expect(first.userErrors).toMatchObject([{ __typename: 'PaymentActionRequiredError' }]);

  const page = await request(first.userErrors[0]?.actionUrl ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'decision=approve',
  });
  await page.body.dump();
  expect(page.statusCode).toBeLessThan(400);
  expect(await complete(shop.guest, checkout, sameCall)).toMatchObject({ order: { status: 'PLACED' }, userErrors: [] });
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1 });
}

async function lostAnswer(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const checkout = await readyToPay(shop.guest, sku);
  const sameCall = { idempotencyKey: randomUUID(), token: 'tok_timeout_then_charged' };
  const first = await complete(shop.guest, checkout, sameCall);
  expect(first.userErrors).toEqual([]);
  expect(['PENDING', 'PLACED']).toContain(first.order?.status);
  await expect
    .poll(async () => (await complete(shop.guest, checkout, sameCall)).order?.status, { timeout: 30_000 })
    .toBe('PLACED');
  const authorized = (await shop.authorizations(first.order?.id ?? '')).filter(({ status }) => status === 'authorized');
  expect(authorized).toHaveLength(1);
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1 });
}
