import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aProduct,
  type Checkout,
  type Completion,
  complete,
  completion,
  type Order,
  readyToPay,
  stockLevel,
} from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

let shop: SupergraphUnderTest;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'processes', checkout: { leaseMs: 4_000, sweepEveryMs: 500 } });
});
afterAll(() => shop?.stop());

describe('races', () => {
  test('forty shoppers check out ten units at once: ten are sold, thirty are told', async () => {
    const { sku } = await aProduct(shop, { onHand: 10 });
    const checkouts = await Promise.all(Array.from({ length: 40 }, () => readyToPay(shop.guest, sku)));
    const { placed, told } = await race(checkouts);
    expect(placed).toHaveLength(10);
    expect(told).toEqual(Array.from({ length: 30 }, () => 'InsufficientStockError'));
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 10, reserved: 10, available: 0 });
    await chargedOnce(placed);
  });

  test('ten buyers want the last unit: one has it', async () => {
    const { sku } = await aProduct(shop, { onHand: 1 });
    const checkouts = await Promise.all(Array.from({ length: 10 }, () => readyToPay(shop.guest, sku)));
    const { placed, told } = await race(checkouts);
    expect(placed).toHaveLength(1);
    expect(told).toEqual(Array.from({ length: 9 }, () => 'InsufficientStockError'));
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 1, reserved: 1, available: 0 });
    await chargedOnce(placed);
  });
});

/** Pays all at once; a shopper whose order is still PENDING or in progress asks again, as a client does. */
async function race(checkouts: readonly Checkout[]): Promise<{ placed: Order[]; told: string[] }> {
  const answers = await Promise.all(checkouts.map((checkout) => untilFinal(checkout, randomUUID())));
  return {
    placed: answers.flatMap(({ order }) => order ?? []),
    told: answers.flatMap(({ userErrors }) => userErrors.map(({ __typename }) => __typename)),
  };
}

/** Repeats the same call until it has a final answer. */
async function untilFinal(checkout: Checkout, idempotencyKey: string): Promise<Completion> {
  let last: Completion | undefined;
  await expect
    .poll(
      async () => {
        const { data } = await shop.guest.send<{ checkoutComplete: Completion | null }>(
          'CheckoutComplete',
          completion(checkout, { idempotencyKey }),
        );
        last = data?.checkoutComplete ?? undefined;
        return isFinal(last);
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true);
  if (!last) throw new Error('There was no answer.');
  return last;
}

const isFinal = (answer: Completion | undefined): boolean =>
  answer?.order
    ? answer.order.status !== 'PENDING'
    : answer?.userErrors.some(({ __typename }) => __typename !== 'CheckoutInProgressError') === true;

async function chargedOnce(orders: readonly Order[]): Promise<void> {
  for (const { id } of orders) {
    expect((await shop.authorizations(id)).filter(({ status }) => status === 'authorized')).toHaveLength(1);
  }
}

describe('kill -9 while an order is placed', () => {
  // Moments of the saga, told apart by the step that is written when the process dies.
  const moments = ['RESERVE', 'AUTHORIZE', 'CONFIRM', 'PLACED'] as const;

  test.each(moments)('checkout dies at %s: the order is placed once, and is charged once', async (moment) => {
    const { sku } = await aProduct(shop, { onHand: 5 });
    const checkout = await readyToPay(shop.guest, sku);
    const idempotencyKey = randomUUID();
    // A card that answers late holds the saga open long enough to be met in the middle.
    const call = shop.guest
      .send('CheckoutComplete', completion(checkout, { idempotencyKey, token: 'tok_slow' }))
      .catch(() => undefined);
    await untilAt(checkout, moment);
    await Promise.all([shop.service('checkout').kill('SIGKILL'), shop.service('checkout-worker').kill('SIGKILL')]);
    await call;
    await Promise.all([shop.service('checkout').start(), shop.service('checkout-worker').start()]);

    const { order, userErrors } = await untilFinalWith(checkout, idempotencyKey);
    expect(userErrors).toEqual([]);
    expect(order?.status).toBe('PLACED');
    expect((await shop.authorizations(order?.id ?? '')).map(({ status }) => status)).toEqual(['authorized']);
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1, available: 4 });
  });

  test('nobody asks again: the worker alone brings the order to its end', async () => {
    const { sku } = await aProduct(shop, { onHand: 5 });
    const checkout = await readyToPay(shop.guest, sku);
    const call = shop.guest
      .send('CheckoutComplete', completion(checkout, { token: 'tok_slow' }))
      .catch(() => undefined);
    await untilAt(checkout, 'AUTHORIZE');
    await shop.service('checkout').kill('SIGKILL');
    await call;
    await expect.poll(() => statusesOf(sku), { timeout: 60_000, interval: 250 }).toEqual(['PLACED']);
    await shop.service('checkout').start();
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1, available: 4 });
  });

  test('the inventory service dies in between: the order is placed all the same', async () => {
    const { sku } = await aProduct(shop, { onHand: 5 });
    const checkout = await readyToPay(shop.guest, sku);
    const idempotencyKey = randomUUID();
    const call = shop.guest
      .send('CheckoutComplete', completion(checkout, { idempotencyKey, token: 'tok_slow' }))
      .catch(() => undefined);
    await untilAt(checkout, 'AUTHORIZE');
    await shop.service('inventory').kill('SIGKILL');
    await call;
    await shop.service('inventory').start();
    const { order } = await untilFinalWith(checkout, idempotencyKey);
    expect(order?.status).toBe('PLACED');
    expect(await stockLevel(shop, sku)).toMatchObject({ onHand: 5, reserved: 1, available: 4 });
  });

  async function untilFinalWith(checkout: Checkout, idempotencyKey: string): Promise<Completion> {
    await expect
      .poll(async () => isFinal(await complete(shop.guest, checkout, { idempotencyKey, token: 'tok_slow' })), {
        timeout: 60_000,
        interval: 250,
      })
      .toBe(true);
    return complete(shop.guest, checkout, { idempotencyKey, token: 'tok_slow' });
  }
});

/** Waits until the placement of this checkout is written to be at a step, or beyond. */
async function untilAt(checkout: Checkout, moment: string): Promise<void> {
  const order = ['RESERVE', 'AUTHORIZE', 'CONFIRM', 'PLACED'];
  const reached = async () => {
    const [row] = await shop.sql<{ step: string; state: string }>(
      'checkout',
      'SELECT p.step::text, p.state::text FROM placement p JOIN checkout c ON c.id = p.checkout_id WHERE c.secret = $1',
      [checkout.id],
    );
    if (!row) return -1;
    return order.indexOf(row.state === 'PLACED' ? 'PLACED' : row.step);
  };
  await expect.poll(reached, { timeout: 30_000, interval: 2 }).toBeGreaterThanOrEqual(order.indexOf(moment));
}

async function statusesOf(sku: string): Promise<string[]> {
  const rows = await shop.sql<{ status: string }>(
    'checkout',
    'SELECT o.status::text FROM customer_order o JOIN order_line l ON l.order_id = o.id WHERE l.sku = $1',
    [sku],
  );
  return rows.map(({ status }) => status);
}
