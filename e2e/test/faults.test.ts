import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  aCart,
  aCheckout,
  address,
  aProduct,
  type Checkout,
  type Completion,
  completion,
  stockLevel,
} from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

let shop: SupergraphUnderTest;
beforeAll(async () => {
  // What is missing has to show: a router that keeps answers would go on giving them.
  vi.stubEnv('ENTITY_CACHE', 'off');
  shop = await startSupergraph({ topology: 'processes' });
});
afterAll(async () => {
  await shop?.stop();
  vi.unstubAllEnvs();
});

/** Longer than the router gives an operation, which is what a client waits at most. */
const deadlineMs = 12_000;

interface Page {
  product: { handle: string; variants: { sku: string }[]; content: { headline: string | null } | null } | null;
}

test('with content killed, product pages lack their stories and a cart checks out', async () => {
  const handle = await aHandleWithContent();
  await shop.service('content').kill('SIGKILL');
  try {
    const { data, errors } = await shop.guest.send<Page>('ProductPage', { handle });
    expect(data?.product).toMatchObject({ handle, content: null });
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|localhost/);
    expect(await health()).toMatchObject({ status: 'degraded', subgraphs: { content: 'down', products: 'up' } });
    await checksOut();
  } finally {
    await shop.service('content').start();
  }
  await expect.poll(async () => (await pageOf(handle)).data?.product?.content, { timeout: 10_000 }).toBeTruthy();
});

test('the third party that holds the content is killed: pages that were read keep it', async () => {
  const handle = await aHandleWithContent();
  await shop.service('content-server').kill('SIGKILL');
  try {
    const { data } = await shop.guest.send<Page>('ProductPage', { handle });
    expect(data?.product?.content?.headline).toBeTruthy();
  } finally {
    await shop.service('content-server').start();
  }
});

test('with products killed, a cart that was filled checks out', async () => {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const cart = await aCart(shop.guest, sku, 2);
  await shop.service('products').kill('SIGKILL');
  try {
    const order = await checkOut(cart.id);
    expect(order).toMatchObject({ status: 'PLACED', lines: [{ sku, quantity: 2 }] });
  } finally {
    await shop.service('products').start();
  }
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 2 });
});

test.each(['products', 'content'])(
  'with %s hung, a cart checks out, and nobody waits longer than the deadline',
  async (name) => {
    const { sku } = await aProduct(shop, { onHand: 5 });
    const cart = await aCart(shop.guest, sku);
    const { pid } = shop.service(name);
    if (pid === undefined) throw new Error(`${name} does not run.`);
    process.kill(pid, 'SIGSTOP');
    try {
      const asked = performance.now();
      await shop.guest.send('ProductPage', { handle: 'stoneware-mug' });
      expect(performance.now() - asked).toBeLessThan(deadlineMs);
      expect(await checkOut(cart.id)).toMatchObject({ status: 'PLACED' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1 });
  },
);

test('inventory hung while an order is placed: it ends placed once, or not at all and charges nothing', async () => {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const checkout = await aCheckout(shop.guest, await aCart(shop.guest, sku));
  const sameCall = { idempotencyKey: randomUUID() };
  const { pid } = shop.service('inventory');
  if (pid === undefined) throw new Error('inventory does not run.');
  process.kill(pid, 'SIGSTOP');
  try {
    const asked = performance.now();
    await shop.guest.send('CheckoutComplete', completion(checkout, sameCall));
    expect(performance.now() - asked).toBeLessThan(deadlineMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const repeat = async () =>
    (await shop.guest.send<{ checkoutComplete: Completion }>('CheckoutComplete', completion(checkout, sameCall))).data
      ?.checkoutComplete.order;
  await expect.poll(async () => (await repeat())?.status, { timeout: 60_000, interval: 500 }).toBe('PLACED');
  const order = await repeat();
  expect(await shop.authorizations(order?.id ?? '')).toMatchObject([{ status: 'authorized' }]);
  expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1, available: 4 });
});

const pageOf = (handle: string) => shop.guest.send<Page>('ProductPage', { handle });

async function aHandleWithContent(): Promise<string> {
  const handle = 'stoneware-mug';
  await expect
    .poll(async () => (await pageOf(handle)).data?.product?.content?.headline, { timeout: 10_000 })
    .toBeTruthy();
  return handle;
}

async function health(): Promise<unknown> {
  const { body } = await request(`${shop.url}/health/ready`);
  return body.json();
}

async function checksOut(): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5 });
  expect(await checkOut((await aCart(shop.guest, sku)).id)).toMatchObject({ status: 'PLACED' });
}

/** From a filled cart to an order. Fields of services that are down may be missing; the steps may not. */
async function checkOut(cartId: string): Promise<Completion['order']> {
  const { id } = await step('CheckoutCreate', { cartId, email: 'ada@example.com' });
  const { deliveryOptions } = await step('CheckoutAddress', { checkoutId: id, address });
  const checkout = await step('CheckoutDelivery', { checkoutId: id, deliveryOptionId: deliveryOptions?.[0]?.id });
  const asked = performance.now();
  const { data } = await shop.guest.send<{ checkoutComplete: Completion }>('CheckoutComplete', completion(checkout));
  expect(performance.now() - asked).toBeLessThan(deadlineMs);
  expect(data?.checkoutComplete.userErrors).toEqual([]);
  return data?.checkoutComplete.order ?? null;
}

async function step(operation: string, input: Record<string, unknown>): Promise<Checkout> {
  const { data, errors } = await shop.guest.send<Record<string, { checkout: Checkout | null }>>(operation, { input });
  const checkout = Object.values(data ?? {})[0]?.checkout;
  if (!checkout) throw new Error(`${operation} gave no checkout: ${JSON.stringify({ data, errors })}`);
  return checkout;
}
