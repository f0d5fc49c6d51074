import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Client } from './client.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

export interface Money {
  amount: string;
  currency: string;
}
export interface UserError {
  __typename: string;
  message: string;
  path?: string[] | null;
  sku?: string;
  requested?: number;
  available?: number;
  declineCode?: string;
  actionUrl?: string;
  currentTotal?: Money;
}
export interface Cart {
  id: string;
  totalQuantity: number;
  lines: { id: string; sku: string; title: string; quantity: number; unitPrice: Money; total: Money }[];
  cost: { subtotal: Money; total: Money };
}
export interface Checkout {
  id: string;
  status: string;
  lines: { sku: string; quantity: number; total: Money }[];
  deliveryOptions: { id: string; carrier: string; service: string; price: Money }[] | null;
  selectedDeliveryOption: { id: string } | null;
  cost: { subtotal: Money; delivery: Money | null; tax: Money | null; total: Money };
}
export interface Order {
  id: string;
  number: string;
  status: string;
  placedAt: string | null;
  lines: { sku: string; quantity: number; total: Money; variant: { product: { handle: string } } | null }[];
  cost: { total: Money };
  shipments: {
    id: string;
    status: string;
    trackingNumber: string | null;
    lines?: { sku: string; quantity: number }[];
  }[];
  payments: { id: string; status: string; amount: Money }[];
}
export interface Completion {
  order: Order | null;
  accessToken: string | null;
  userErrors: UserError[];
}

export const address = {
  name: 'Ada Lovelace',
  line1: '1 Main St',
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
};

/** A product of one variant that is on sale with this many units at MAIN, known to all who sell it. */
export async function aProduct(
  system: SupergraphUnderTest,
  { onHand, price = '10.00' }: { onHand: number; price?: string },
): Promise<{ sku: string; productId: string }> {
  const staff = await system.staff('catalog:write', 'inventory:write', 'inventory:read');
  const sku = `E2E-${randomUUID().slice(0, 8).toUpperCase()}`;
  const { productCreate } = await staff.ask<{
    productCreate: { product: { id: string } | null; userErrors: UserError[] };
  }>('ProductCreate', {
    input: {
      title: `Kettle ${sku}`,
      handle: `kettle-${sku.toLowerCase()}`,
      vendor: 'Acme',
      status: 'ACTIVE',
      categories: ['kitchen'],
      variants: [{ sku, price: { amount: price, currency: 'USD' } }],
    },
  });
  expect(productCreate.userErrors).toEqual([]);
  await untilInventoryKnows(staff, sku);
  await receive(staff, sku, onHand);
  await expect
    .poll(async () => (await cartCreate(system.guest, sku, 1)).userErrors, {
      timeout: 20_000,
      message: `${sku} in a cart`,
    })
    .toEqual([]);
  return { sku, productId: productCreate.product?.id ?? '' };
}

/** Inventory takes only skus that the catalog told it of. */
async function untilInventoryKnows(staff: Client, sku: string): Promise<void> {
  await expect
    .poll(() => receiveErrors(staff, sku, 1), { timeout: 20_000, message: `${sku} in inventory` })
    .toEqual([]);
  const { stockAdjust } = await staff.ask<{ stockAdjust: { userErrors: UserError[] } }>('StockAdjust', {
    input: { warehouse: 'MAIN', sku, delta: -1, reason: 'CORRECTION', idempotencyKey: randomUUID() },
  });
  expect(stockAdjust.userErrors).toEqual([]);
}

async function receiveErrors(staff: Client, sku: string, quantity: number): Promise<UserError[]> {
  const { stockReceive } = await staff.ask<{ stockReceive: { userErrors: UserError[] } }>('StockReceive', {
    input: { warehouse: 'MAIN', lines: [{ sku, quantity }], reference: 'PO-1', idempotencyKey: randomUUID() },
  });
  return stockReceive.userErrors;
}

async function receive(staff: Client, sku: string, quantity: number): Promise<void> {
  if (quantity > 0) expect(await receiveErrors(staff, sku, quantity)).toEqual([]);
}

export async function cartCreate(
  shopper: Client,
  sku: string,
  quantity: number,
): Promise<{ cart: Cart | null; userErrors: UserError[] }> {
  const { cartCreate } = await shopper.ask<{ cartCreate: { cart: Cart | null; userErrors: UserError[] } }>(
    'CartCreate',
    {
      input: { currency: 'USD', lines: [{ sku, quantity }] },
    },
  );
  return cartCreate;
}

export async function aCart(shopper: Client, sku: string, quantity = 1): Promise<Cart> {
  const { cart, userErrors } = await cartCreate(shopper, sku, quantity);
  expect(userErrors).toEqual([]);
  if (!cart) throw new Error('No cart was made.');
  return cart;
}

/** A cart's checkout with address and the first way of delivery chosen: all but the payment. */
export async function aCheckout(shopper: Client, cart: Pick<Cart, 'id'>): Promise<Checkout> {
  const { id } = await checkoutStep(shopper, 'CheckoutCreate', { cartId: cart.id, email: 'ada@example.com' });
  const offered = await checkoutStep(shopper, 'CheckoutAddress', { checkoutId: id, address });
  const option = offered.deliveryOptions?.[0];
  if (!option) throw new Error(`No way of delivery was offered: ${JSON.stringify(offered)}`);
  return checkoutStep(shopper, 'CheckoutDelivery', { checkoutId: id, deliveryOptionId: option.id });
}

async function checkoutStep(shopper: Client, operation: string, input: Record<string, unknown>): Promise<Checkout> {
  const data = await shopper.ask<Record<string, { checkout: Checkout | null; userErrors: UserError[] }>>(operation, {
    input,
  });
  const payload = Object.values(data)[0];
  expect(payload?.userErrors).toEqual([]);
  if (!payload?.checkout) throw new Error(`${operation} gave no checkout.`);
  return payload.checkout;
}

export interface CompletionInput {
  idempotencyKey?: string;
  token?: string;
  expectedTotal?: Money;
}

export const completion = (
  checkout: Pick<Checkout, 'id' | 'cost'>,
  { idempotencyKey = randomUUID(), token = 'tok_visa', expectedTotal = checkout.cost.total }: CompletionInput = {},
) => ({ input: { checkoutId: checkout.id, idempotencyKey, expectedTotal, payment: { provider: 'SANDBOX', token } } });

export async function complete(
  shopper: Client,
  checkout: Pick<Checkout, 'id' | 'cost'>,
  input: CompletionInput = {},
): Promise<Completion> {
  const { checkoutComplete } = await shopper.ask<{ checkoutComplete: Completion }>(
    'CheckoutComplete',
    completion(checkout, input),
  );
  return checkoutComplete;
}

/** From a sku to a checkout that only wants paying. */
export const readyToPay = async (shopper: Client, sku: string, quantity = 1): Promise<Checkout> =>
  aCheckout(shopper, await aCart(shopper, sku, quantity));

export interface StockLevel {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
}

export async function stockLevel(system: SupergraphUnderTest, sku: string): Promise<StockLevel> {
  const staff = await system.staff('inventory:read');
  const { stockLevels } = await staff.ask<{ stockLevels: { nodes: StockLevel[] } }>('StockLevels', { filter: { sku } });
  const total = (pick: (level: StockLevel) => number) => stockLevels.nodes.reduce((sum, level) => sum + pick(level), 0);
  return {
    sku,
    onHand: total((l) => l.onHand),
    reserved: total((l) => l.reserved),
    available: total((l) => l.available),
  };
}

export const orderStatus = async (shopper: Client, id: string, accessToken: string | null): Promise<Order | null> =>
  (await shopper.ask<{ order: Order | null }>('OrderStatus', { id, accessToken })).order;
