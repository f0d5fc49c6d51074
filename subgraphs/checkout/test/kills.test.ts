import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { guest, type Viewer } from '@mercato/auth';
import { bundleProgram } from '@mercato/bundle';
import { emptyTestDatabase, signerOf, type TestDatabase } from '@mercato/testkit';
import { fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defaultSettings } from '../src/settings.ts';
import type { dyingCheckout } from './checkout-process.ts';
import {
  aProduct,
  type CheckoutView,
  clerk,
  complete,
  levelOf,
  onRecord,
  openShop,
  readyCheckout,
  type Shop,
  stock,
  viewCheckout,
  viewOrder,
} from './shop.ts';

let shop: Shop;
let queue: TestDatabase;
const urls: Record<string, string> = {};
const listening: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  shop = await openShop({ sweepEveryMs: 200, leaseMs: 1_000 });
  queue = await emptyTestDatabase('queue');
  for (const name of ['cart', 'inventory', 'shipping']) {
    const server = await shop.subgraph(name).listen({ port: 0, host: '127.0.0.1' });
    urls[name] = server.url;
    listening.push(server);
  }
  await shop.work('cart', 'checkout');
  await stock(shop, { MUG: 100 });
  await aProduct(shop, 'MUG');
});
afterAll(async () => {
  for (const server of listening) await server.close();
  await shop.close();
  await queue.drop();
});

/** A worker takes over when the dead process's lease has run out. */
const leaseMs = 1_500;

const program = await bundleProgram('subgraphs/checkout/test/checkout-process.ts');

/** Starts a checkout that dies at this point, asks it, and resolves when it is dead. */
async function askTheDying(dieAt: string, query: string, input: object, viewer: Viewer = guest): Promise<void> {
  const settings: z.input<typeof dyingCheckout> = {
    databaseUrl: shop.dependencies.databaseUrl,
    queueUrl: queue.url,
    urls,
    signingKey: shop.key,
    trustedKeys: shop.dependencies.trustedKeys,
    paymentSandbox: shop.ownSettings.paymentSandbox,
    orderTokenKeys: shop.ownSettings.orderTokenKeys,
    leaseMs,
    dieAt,
  };
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const gone = once(child, 'exit');
    const authorization = `Bearer ${await signerOf('router').sign('checkout', viewer)}`;
    const answer = fetch(await ready(child), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input } }),
    });
    await expect(answer).rejects.toThrow();
    expect(await gone).toEqual([null, 'SIGKILL']);
  } finally {
    child.kill('SIGKILL');
  }
}

async function ready(child: ChildProcess): Promise<string> {
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  return z.object({ url: z.string() }).parse(message).url;
}

const placeQuery = 'mutation($input: CheckoutCompleteInput!) { checkoutComplete(input: $input) { order { id } } }';
const inputOf = ({ id, cost }: CheckoutView, key: string, token: string) => ({
  checkoutId: id,
  idempotencyKey: key,
  expectedTotal: { amount: cost.total.amount, currency: 'USD' },
  payment: { provider: 'SANDBOX', token },
});
const status = (id: string) =>
  expect.poll(async () => (await viewOrder(shop, id)).status, { timeout: 30_000, interval: 100 });
const orderOf = async (secret: string) => {
  const checkout = await shop.db.checkout.findUniqueOrThrow({ where: { secret } });
  const orders = await shop.db.order.findMany({ where: { checkoutId: checkout.id }, orderBy: { id: 'asc' } });
  return orders.map(({ id }) => id);
};
const events = (orderId: string, name: string) => shop.db.outboxEvent.count({ where: { aggregateId: orderId, name } });

test.each([
  'RESERVE before',
  'RESERVE done',
  'AUTHORIZE before',
  'AUTHORIZE done',
  'CONFIRM before',
  'CONFIRM done',
  'CONFIRM recorded',
])('killed at %s: the order is placed once, with one authorization and one hold', async (dieAt) => {
  const before = (await levelOf(shop, 'MUG')).reserved;
  const checkout = await readyCheckout(shop, [{ sku: 'MUG', quantity: 2 }]);
  const key = randomUUID();
  await askTheDying(dieAt, placeQuery, inputOf(checkout, key, 'tok_visa'));

  const [id = ''] = await orderOf(checkout.id);
  await status(id).toBe('PLACED');
  expect(await orderOf(checkout.id)).toEqual([id]);
  expect((await onRecord(shop, id)).map((each) => each.status)).toEqual(['authorized']);
  expect((await levelOf(shop, 'MUG')).reserved).toBe(before + 2);
  expect(await events(id, 'order.placed')).toBe(1);
  expect(await complete(shop, checkout, { key })).toMatchObject({ order: { id, status: 'PLACED' }, userErrors: [] });
});

test.each(['AUTHORIZE done', 'RELEASE_STOCK before', 'RELEASE_STOCK done', 'RELEASE_STOCK recorded'])(
  'declined and killed at %s: nothing is held, and another card may try',
  async (dieAt) => {
    const before = (await levelOf(shop, 'MUG')).reserved;
    const checkout = await readyCheckout(shop, [{ sku: 'MUG', quantity: 1 }]);
    const key = randomUUID();
    await askTheDying(dieAt, placeQuery, inputOf(checkout, key, 'tok_declined'));

    const [id = ''] = await orderOf(checkout.id);
    await status(id).toBe('FAILED');
    expect((await levelOf(shop, 'MUG')).reserved).toBe(before);
    expect(await viewCheckout(shop, checkout.id)).toMatchObject({ status: 'OPEN' });
    expect(await complete(shop, checkout, { key, token: 'tok_declined' })).toMatchObject({
      userErrors: [{ __typename: 'PaymentDeclinedError', declineCode: 'GENERIC' }],
    });
    expect((await complete(shop, checkout)).order?.status).toBe('PLACED');
  },
);

test.each(['CANCEL_SHIPMENTS done', 'CANCEL_PAYMENT before', 'CANCEL_PAYMENT done', 'RELEASE_STOCK done'])(
  'cancelled and killed at %s: stock and money go back all the same',
  async (dieAt) => {
    const before = (await levelOf(shop, 'MUG')).reserved;
    const { order } = await complete(shop, await readyCheckout(shop, [{ sku: 'MUG', quantity: 3 }]));
    const id = order?.id ?? '';
    const query = 'mutation($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } } }';
    await askTheDying(dieAt, query, { orderId: id }, clerk);

    await expect
      .poll(async () => (await shop.db.placement.findUniqueOrThrow({ where: { orderId: id } })).state, {
        timeout: 30_000,
      })
      .toBe('CANCELLED');
    expect(await viewOrder(shop, id)).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'VOIDED' }] });
    expect((await onRecord(shop, id)).map((each) => each.status)).toEqual(['voided']);
    expect((await levelOf(shop, 'MUG')).reserved).toBe(before);
    expect(await events(id, 'order.cancelled')).toBe(1);
  },
);

test('a lease outlasts the longest step, so that a live driver keeps what it drives', () => {
  // The longest step extends a hold, looks an attempt up and makes it again.
  expect(defaultSettings.leaseMs).toBeGreaterThan(3 * defaultSettings.callTimeoutMs);
  expect(defaultSettings.answerWithinMs).toBeLessThan(10_000);
});
