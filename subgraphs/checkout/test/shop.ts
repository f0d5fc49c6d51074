import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createViewerSigner, generateKey, type PrivateKey } from '@mercato/auth';
import { createPaymentSandbox } from '@mercato/payment-sandbox';
import { createSubgraphClient, inProcessTransport } from '@mercato/subgraph-client';
import type { Subgraph } from '@mercato/subgraph-server';
import {
  askData,
  type Caller,
  deliver,
  service,
  staff,
  type TestDependencies,
  testDependencies,
  trustedKeys,
} from '@mercato/testkit';
import { fetch } from 'undici';
import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { createSubgraph as createCart } from '../../cart/src/subgraph.ts';
import { createSubgraph as createInventory } from '../../inventory/src/subgraph.ts';
import { sql, stockShop } from '../../inventory/test/stock.ts';
import { productUpdated } from '../../products/src/events/index.ts';
import { createSubgraph as createShipping } from '../../shipping/src/subgraph.ts';
import { connectDatabase } from '../src/domain/database.ts';
import { type CheckoutOwnSettings, createSubgraph } from '../src/subgraph.ts';

export const clerk = staff('orders:read', 'orders:write');
export const apiKey = 'sandbox-key-for-checkout';
export const orderTokenKeys = { 1: 'a-secret-of-tests-that-is-long-enough-1' };
export const portland = {
  name: 'Ada Lovelace',
  line1: '1 Main St',
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
};

const routes = {
  'order.placed': ['cart', 'shipping'],
  'order.cancelled': ['inventory', 'shipping'],
  'shipment.dispatched': ['inventory', 'checkout'],
  'shipment.delivered': ['checkout'],
};

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** The real services around checkout, each on its own database, and the real payment sandbox over HTTP. */
export async function openShop(settings: Partial<CheckoutOwnSettings> = {}) {
  const running = new Map<string, Subgraph>();
  const find = (name: string) => running.get(name);
  const key = generateKey();
  const { kty, crv, x } = key;
  const trusted = { ...trustedKeys, checkout: { kty, crv, x } };
  const first = {
    ...(await testDependencies('checkout', find, routes)),
    trustedKeys: trusted,
    subgraphs: asCheckout(key, find),
  };
  const others = new Map<Caller, TestDependencies>();
  for (const name of ['cart', 'inventory', 'shipping'] as const) {
    // Queues are shared, as on one server: events find their hearers.
    const dependencies = await testDependencies(name, find, routes);
    others.set(name, { ...dependencies, queues: first.queues, trustedKeys: trusted });
  }
  const dependenciesOf = (name: Caller): TestDependencies => {
    const found = name === 'checkout' ? first : others.get(name);
    if (!found) throw new Error(`${name} is not in this shop.`);
    return found;
  };
  running.set('cart', await createCart(dependenciesOf('cart')));
  running.set('inventory', await createInventory({ ...dependenciesOf('inventory'), holdSweepMs: 500 }));
  running.set('shipping', await createShipping(dependenciesOf('shipping')));
  await running.get('shipping')?.seed();

  const folder = mkdtempSync(join(tmpdir(), 'checkout-shop-'));
  const sandbox = await createPaymentSandbox({
    host: '127.0.0.1',
    port: 0,
    apiKey,
    dataFile: join(folder, 'journal.jsonl'),
    slowMs: 500,
    silenceMs: 20_000,
    logger: first.logger,
  });
  const ownSettings = { paymentSandbox: { url: sandbox.url, apiKey }, orderTokenKeys, ...settings };
  const checkout = await createSubgraph({ ...first, ...ownSettings });
  running.set('checkout', checkout);
  const db = connectDatabase(first.databaseUrl);
  const workers: { stop(): Promise<void> }[] = [];

  return {
    running,
    /** The key that checkout signs with: a process of its own must have it too. */
    key,
    dependencies: first,
    dependenciesOf,
    ownSettings,
    sandbox,
    checkout,
    db,
    subgraph(name: string): Subgraph {
      const found = running.get(name);
      if (!found) throw new Error(`${name} is not in this shop.`);
      return found;
    },
    /** Starts the background half of services; it ends with the shop. */
    async work(...names: string[]) {
      for (const name of names) {
        const worker = await this.subgraph(name).startWorker();
        workers.push(worker);
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      workers.length = 0;
      for (const subgraph of running.values()) await subgraph.close();
      await db.$disconnect();
      await sandbox.close();
      for (const { close } of others.values()) await close();
      await first.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const asCheckout = (key: PrivateKey, find: (name: string) => Subgraph | undefined) =>
  createSubgraphClient({ transport: inProcessTransport(find), signer: createViewerSigner('checkout', key) });

/** The same checkout, on the same database, for which these services are away. */
export async function checkoutWithout(
  shop: Shop,
  away: readonly string[],
  settings: Partial<CheckoutOwnSettings> = {},
): Promise<{ checkout: Subgraph }> {
  const subgraphs = asCheckout(shop.key, (name) => (away.includes(name) ? undefined : shop.running.get(name)));
  const checkout = await createSubgraph({ ...shop.dependencies, subgraphs, ...shop.ownSettings, ...settings });
  onTestFinished(() => checkout.close());
  return { checkout };
}

/** Tells the cart of a product with one variant; the cart's worker must run. Resolves when it sells at that price. */
export async function aProduct(
  shop: Shop,
  sku: string,
  {
    price = '4200',
    version = 1,
    onSale = true,
    grams = 350,
  }: Partial<{ price: string; version: number; onSale: boolean; grams: number }> = {},
): Promise<void> {
  await deliver(shop.dependencies.queues, 'cart', productUpdated, {
    aggregateId: `product_${sku}`,
    version,
    payload: {
      productId: `product_${sku}`,
      handle: sku.toLowerCase(),
      title: `The ${sku}`,
      status: onSale ? 'ACTIVE' : 'ARCHIVED',
      variants: [
        {
          variantId: `variant_${sku}`,
          sku,
          title: 'Default',
          prices: [{ amount: price, currency: 'USD' }],
          compareAtPrices: [],
          weightInGrams: grams,
          taxClass: 'standard',
        },
      ],
    },
  });
  const known = 'SELECT 1 AS known FROM catalog_variant WHERE sku = $1 AND product_version = $2';
  await vi.waitFor(async () => expect(await sql(shop.dependenciesOf('cart'), known, [sku, version])).toHaveLength(1), {
    timeout: 15_000,
    interval: 50,
  });
}

/** Opening stock, by sku, then by warehouse. */
export const stock = (shop: Shop, levels: Record<string, number>) =>
  stockShop(shop.dependenciesOf('inventory'), {
    stock: Object.fromEntries(Object.entries(levels).map(([sku, onHand]) => [sku, { MAIN: onHand }])),
  });

export interface StockLevel {
  onHand: number;
  reserved: number;
  available: number;
}

export async function levelOf(shop: Shop, sku: string): Promise<StockLevel> {
  const { stockLevels } = await askData<{ stockLevels: { nodes: StockLevel[] } }>(
    shop.subgraph('inventory'),
    'query($sku: String) { stockLevels(filter: { sku: $sku }, first: 10) { nodes { onHand reserved available } } }',
    { sku },
    staff('inventory:read'),
  );
  const [level] = stockLevels.nodes;
  if (!level) throw new Error(`There is no stock level of ${sku}.`);
  return level;
}

export interface UserError {
  __typename: string;
  message: string;
  path: string[];
  sku?: string;
  requested?: number;
  available?: number;
  currentTotal?: { amount: string; currency: string };
  declineCode?: string;
  actionUrl?: string;
  missing?: string[];
  status?: string;
  order?: { id: string } | null;
}

export interface CheckoutView {
  id: string;
  status: string;
  email: string | null;
  lines: { sku: string; quantity: number; unitPrice: { amount: string }; total: { amount: string } }[];
  shippingAddress: Record<string, string | null> | null;
  selectedDeliveryOption: { id: string; service: string; price: { amount: string } } | null;
  cost: {
    subtotal: { amount: string };
    discount: { amount: string };
    delivery: { amount: string } | null;
    tax: { amount: string } | null;
    taxStatus: string;
    total: { amount: string; currency: string };
  };
  order: { id: string } | null;
  expiresAt: string;
}

export interface OrderView {
  id: string;
  number: string;
  status: string;
  placedAt: string | null;
  email: string;
  lines: { sku: string; quantity: number; total: { amount: string } }[];
  cost: { total: { amount: string } };
  payments: { id: string; status: string; amount: { amount: string } }[];
}

export const checkoutFields = `id status email expiresAt
  lines { id sku title quantity unitPrice { amount currency } total { amount currency } variant { sku } }
  shippingAddress { name line1 line2 city region postalCode country phone }
  selectedDeliveryOption { id carrier service price { amount currency } }
  cost { subtotal { amount currency } discount { amount } delivery { amount } tax { amount } taxStatus total { amount currency } }
  order { id }`;
export const orderFields = `id number status placedAt email currency
  lines { id sku title quantity unitPrice { amount currency } total { amount currency } variant { sku } }
  cost { subtotal { amount currency } discount { amount } delivery { amount } tax { amount } taxStatus total { amount currency } }
  shippingAddress { name city country } payments { id status amount { amount currency } refunds { id } }`;
const errors = `userErrors { __typename ... on UserError { message path }
  ... on InsufficientStockError { sku requested available } ... on CheckoutClosedError { status order { id } } }`;
const completeErrors = `userErrors { __typename ... on UserError { message path }
  ... on InsufficientStockError { sku requested available } ... on PriceChangedError { currentTotal { amount currency } }
  ... on PaymentDeclinedError { declineCode } ... on PaymentActionRequiredError { actionUrl }
  ... on CheckoutIncompleteError { missing } ... on CheckoutClosedError { status order { id } } }`;

const changeErrors: Record<string, string> = {
  checkoutCreate: errors.replace('... on CheckoutClosedError { status order { id } }', ''),
  checkoutShippingAddressUpdate: errors.replace('... on InsufficientStockError { sku requested available }', ''),
  checkoutDeliveryOptionSelect: errors.replace('... on InsufficientStockError { sku requested available }', ''),
};

export interface ChangePayload {
  checkout: CheckoutView | null;
  userErrors: UserError[];
}

/** Runs a mutation of a checkout. */
export async function change(shop: Shop, field: string, input: Record<string, unknown>): Promise<ChangePayload> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
  const query = `mutation($input: ${type}) { ${field}(input: $input) { checkout { ${checkoutFields} } ${changeErrors[field]} } }`;
  const data = await askData<Record<string, ChangePayload>>(shop.checkout, query, { input });
  return data[field] ?? { checkout: null, userErrors: [] };
}

export async function aCart(shop: Shop, lines: { sku: string; quantity: number }[]): Promise<string> {
  const { cartCreate } = await askData<{ cartCreate: { cart: { id: string } | null; userErrors: object[] } }>(
    shop.subgraph('cart'),
    'mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines }) { cart { id } userErrors { ... on UserError { message } } } }',
    { lines },
  );
  if (!cartCreate.cart) throw new Error(`The cart was refused: ${JSON.stringify(cartCreate.userErrors)}`);
  return cartCreate.cart.id;
}

export const done = ({ checkout, userErrors }: ChangePayload): CheckoutView => {
  expect(userErrors).toEqual([]);
  if (!checkout) throw new Error('There is no checkout in the answer.');
  return checkout;
};

export interface Offer {
  id: string;
  service: string;
  price: { amount: string };
}

/** What shipping offers, asked as the router does. */
export async function offersOf(shop: Shop, checkoutId: string): Promise<Offer[]> {
  const { checkout } = await askData<{ checkout: Record<string, unknown> | null }>(
    shop.checkout,
    `query($id: ID!) { checkout(id: $id) { __typename id currency shippingAddress { city region postalCode country }
      lines { sku quantity weightInGrams total { amount currency } } } }`,
    { id: checkoutId },
    service('shipping'),
  );
  const { _entities } = await askData<{ _entities: { deliveryOptions: Offer[] }[] }>(
    shop.subgraph('shipping'),
    `query($of: [_Any!]!) { _entities(representations: $of) { ... on Checkout { deliveryOptions { id service price { amount } } } } }`,
    { of: [checkout] },
  );
  return _entities[0]?.deliveryOptions ?? [];
}

/** A checkout to which only payment is missing. */
export async function readyCheckout(
  shop: Shop,
  lines: { sku: string; quantity: number }[],
  { service: wanted = 'Standard' }: { service?: string } = {},
): Promise<CheckoutView & { cartId: string }> {
  const cartId = await aCart(shop, lines);
  const { id } = done(await change(shop, 'checkoutCreate', { cartId, email: 'ada@example.com' }));
  done(await change(shop, 'checkoutShippingAddressUpdate', { checkoutId: id, address: portland }));
  const offer = (await offersOf(shop, id)).find((each) => each.service === wanted);
  const chosen = done(
    await change(shop, 'checkoutDeliveryOptionSelect', { checkoutId: id, deliveryOptionId: offer?.id ?? '' }),
  );
  return { ...chosen, cartId };
}

export interface CompletePayload {
  order: OrderView | null;
  accessToken: string | null;
  userErrors: UserError[];
}

/** Places the order; total and key are the checkout's own and a fresh one where none is given. */
export async function complete(
  shop: Pick<Shop, 'checkout'>,
  checkout: Pick<CheckoutView, 'id' | 'cost'>,
  given: { token?: string | null; key?: string; total?: string; currency?: string } = {},
): Promise<CompletePayload> {
  const { token = 'tok_visa', key = randomUUID(), total = checkout.cost.total.amount, currency = 'USD' } = given;
  const input = {
    checkoutId: checkout.id,
    idempotencyKey: key,
    expectedTotal: { amount: total, currency },
    ...(token === null ? {} : { payment: { provider: 'SANDBOX', token } }),
  };
  const { checkoutComplete } = await askData<{ checkoutComplete: CompletePayload }>(
    shop.checkout,
    `mutation($input: CheckoutCompleteInput!) { checkoutComplete(input: $input) { order { ${orderFields} } accessToken ${completeErrors} } }`,
    { input },
  );
  return checkoutComplete;
}

export async function viewOrder(
  shop: Shop,
  id: string,
): Promise<OrderView & { timeline: { kind: string; message: string }[] }> {
  const { order } = await askData<{ order: (OrderView & { timeline: { kind: string; message: string }[] }) | null }>(
    shop.checkout,
    `query($id: ID!) { order(id: $id) { ${orderFields} timeline { at kind actor message } } }`,
    { id },
    clerk,
  );
  if (!order) throw new Error(`There is no order ${id}.`);
  return order;
}

export async function viewCheckout(shop: Shop, id: string): Promise<CheckoutView | null> {
  const query = `query($id: ID!) { checkout(id: $id) { ${checkoutFields} } }`;
  return (await askData<{ checkout: CheckoutView | null }>(shop.checkout, query, { id })).checkout;
}

const record = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.string(),
  reference: z.string(),
  refundedAmount: z.string(),
});

/** What the processor has on record for an order. */
export async function onRecord(shop: Pick<Shop, 'sandbox'>, reference: string) {
  const response = await fetch(`${shop.sandbox.url}/v1/authorizations?reference=${reference}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  return z.object({ data: z.array(record) }).parse(await response.json()).data;
}

/** The shopper's step at the bank. */
export async function atTheBank(actionUrl: string, decision: 'approve' | 'decline'): Promise<void> {
  await fetch(actionUrl, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });
}

/** What someone does at the processor by hand, such as `auth_…/capture`. */
export async function atTheProcessor(
  shop: Pick<Shop, 'sandbox'>,
  what: string,
  body?: { readonly amount: string },
): Promise<void> {
  const response = await fetch(`${shop.sandbox.url}/v1/authorizations/${what}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': randomUUID(),
      'content-type': 'application/json',
    },
    body: JSON.stringify(body ?? {}),
  });
  expect(response.status).toBe(200);
}
