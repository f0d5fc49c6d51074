import { randomUUID } from 'node:crypto';
import { ask, service } from '@mercato/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sql } from '../../inventory/test/stock.ts';
import type { StepObserver } from '../src/domain/placement/drive.ts';
import {
  aCart,
  aProduct,
  atTheBank,
  change,
  checkoutWithout,
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
/** What happens on the way of an order, set by the test that wants it. */
let meanwhile: StepObserver = () => undefined;

beforeAll(async () => {
  shop = await openShop({
    callTimeoutMs: 1_500,
    sweepEveryMs: 300,
    leaseMs: 3_000,
    onStep: (step, phase) => meanwhile(step, phase),
  });
  await shop.work('cart', 'inventory');
  await stock(shop, { MUG: 1_000, VASE: 1, BOWL: 5, LAMP: 3, JUG: 2, GIFT: 10, PAN: 10 });
  for (const sku of ['MUG', 'VASE', 'BOWL', 'LAMP', 'JUG', 'PAN']) await aProduct(shop, sku);
  await aProduct(shop, 'GIFT', { price: '0' });
});
afterAll(() => shop.close());
beforeEach(() => {
  meanwhile = () => undefined;
});

const oneMug = [{ sku: 'MUG', quantity: 1 }];
const kinds = ({ userErrors }: { userErrors: { __typename: string }[] }) =>
  userErrors.map(({ __typename }) => __typename);
const reserved = async (sku: string) => (await levelOf(shop, sku)).reserved;
const ordersOf = async (checkoutId: string) =>
  (await shop.db.order.findMany({ where: { checkoutId: await referenceOf(checkoutId) } })).map(({ id, status }) => ({
    id,
    status,
  }));
const referenceOf = async (secret: string) => (await shop.db.checkout.findUniqueOrThrow({ where: { secret } })).id;

describe('an order', () => {
  test('is placed: stock is firm, money promised, the event told, the checkout closed', async () => {
    const before = await levelOf(shop, 'MUG');
    const ready = await readyCheckout(shop, [{ sku: 'MUG', quantity: 2 }]);
    const { order, accessToken, userErrors } = await complete(shop, ready);
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({
      number: expect.stringMatching(/^M-\d{5}$/),
      status: 'PLACED',
      placedAt: expect.any(String),
      email: 'ada@example.com',
      lines: [{ sku: 'MUG', quantity: 2, total: { amount: '84.00' } }],
      cost: {
        subtotal: { amount: '84.00' },
        delivery: { amount: '0.00' },
        tax: { amount: '0.00' },
        total: { amount: '84.00' },
      },
      payments: [{ status: 'AUTHORIZED', amount: { amount: '84.00' } }],
    });
    expect(accessToken).toMatch(/^1\.[\w-]{43}$/);
    expect(await levelOf(shop, 'MUG')).toMatchObject({ onHand: before.onHand, reserved: before.reserved + 2 });
    expect(await onRecord(shop, order?.id ?? '')).toMatchObject([{ status: 'authorized', amount: '8400' }]);
    expect(await viewCheckout(shop, ready.id)).toMatchObject({ status: 'COMPLETED', order: { id: order?.id } });
    const { timeline } = await viewOrder(shop, order?.id ?? '');
    expect(timeline.map(({ kind }) => kind)).toEqual(['STOCK_RESERVED', 'PAYMENT_AUTHORIZED', 'PLACED']);

    const events = await shop.db.outboxEvent.findMany({ where: { aggregateId: order?.id ?? '' } });
    expect(events.map(({ name, version, payload }) => ({ name, version, payload }))).toMatchObject([
      {
        name: 'order.placed',
        payload: {
          orderId: order?.id,
          cartId: expect.stringMatching(/^cart_.{26}$/),
          delivery: { carrier: 'USPS', service: 'Standard' },
          lines: [
            {
              sku: 'MUG',
              quantity: 2,
              unitPrice: '4200',
              total: '8400',
              weightInGrams: 350,
              allocations: [{ warehouse: 'MAIN', quantity: 2 }],
            },
          ],
        },
      },
    ]);
    const kept = await shop.db.placement.findUniqueOrThrow({ where: { orderId: order?.id ?? '' } });
    expect(kept).toMatchObject({ state: 'PLACED', sealedToken: null });
  });

  test('of nothing to pay needs no payment', async () => {
    const ready = await readyCheckout(shop, [{ sku: 'GIFT', quantity: 1 }]);
    await shop.db
      .$executeRaw`UPDATE checkout SET delivery = jsonb_set(delivery, '{price}', '"0"') WHERE secret = ${ready.id}`;
    const { order, userErrors } = await complete(shop, ready, { token: null, total: '0.00' });
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({ status: 'PLACED', payments: [], cost: { total: { amount: '0.00' } } });
  });

  test.each([
    ['tok_declined', 'GENERIC'],
    ['tok_insufficient_funds', 'INSUFFICIENT_FUNDS'],
    ['tok_expired_card', 'EXPIRED_CARD'],
    ['tok_incorrect_cvc', 'INCORRECT_DETAILS'],
    ['tok_fraud', 'SUSPECTED_FRAUD'],
    ['tok_nobody_knows', 'INCORRECT_DETAILS'],
  ])('paid with %s is declined as %s and gives the stock back', async (token, declineCode) => {
    const before = await reserved('MUG');
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const declined = await complete(shop, ready, { token, key });
    expect(declined).toMatchObject({
      order: null,
      accessToken: null,
      userErrors: [{ __typename: 'PaymentDeclinedError', declineCode }],
    });
    expect(await complete(shop, ready, { token, key })).toEqual(declined);
    expect(await reserved('MUG')).toBe(before);
    expect(await viewCheckout(shop, ready.id)).toMatchObject({
      status: 'OPEN',
      selectedDeliveryOption: { service: 'Standard' },
    });
    const [failed] = await ordersOf(ready.id);
    expect(await viewOrder(shop, failed?.id ?? '')).toMatchObject({
      status: 'FAILED',
      placedAt: null,
      payments: [{ status: 'DECLINED' }],
    });
  });

  test('is placed with another card after a decline', async () => {
    const ready = await readyCheckout(shop, oneMug);
    expect(kinds(await complete(shop, ready, { token: 'tok_declined' }))).toEqual(['PaymentDeclinedError']);
    expect((await complete(shop, ready)).order?.status).toBe('PLACED');
    expect((await ordersOf(ready.id)).map(({ status }) => status).sort()).toEqual(['FAILED', 'PLACED']);
  });

  test.each(['tok_timeout_then_charged', 'tok_timeout_not_charged', 'tok_slow', 'tok_error_500'])(
    'paid with %s is placed with one authorization',
    async (token) => {
      const ready = await readyCheckout(shop, oneMug);
      const key = randomUUID();
      const first = await complete(shop, ready, { token, key });
      expect(first.userErrors).toEqual([]);
      await shop.work('checkout');
      const id = first.order?.id ?? '';
      await expect.poll(async () => (await viewOrder(shop, id)).status, { timeout: 15_000 }).toBe('PLACED');
      expect((await onRecord(shop, id)).map(({ status }) => status)).toEqual(['authorized']);
      expect((await complete(shop, ready, { token, key })).accessToken).toBe(first.accessToken);
    },
  );
});

describe('a step at the bank', () => {
  test('is asked for; the same key goes on after it', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const given = { token: 'tok_3ds', key: randomUUID() };
    const asked = await complete(shop, ready, given);
    expect(asked).toMatchObject({
      order: null,
      userErrors: [{ __typename: 'PaymentActionRequiredError', actionUrl: expect.stringContaining('/3ds/') }],
    });
    expect(await complete(shop, ready, given)).toEqual(asked);
    expect(await viewCheckout(shop, ready.id)).toMatchObject({ status: 'COMPLETING', order: null });
    await atTheBank(asked.userErrors[0]?.actionUrl ?? '', 'approve');
    const { order } = await complete(shop, ready, given);
    expect(order).toMatchObject({ status: 'PLACED', payments: [{ status: 'AUTHORIZED' }] });
    expect(await onRecord(shop, order?.id ?? '')).toHaveLength(1);
  });

  test('that is not passed is a decline', async () => {
    const before = await reserved('MUG');
    const ready = await readyCheckout(shop, oneMug);
    const given = { token: 'tok_3ds', key: randomUUID() };
    const asked = await complete(shop, ready, given);
    await atTheBank(asked.userErrors[0]?.actionUrl ?? '', 'decline');
    expect(await complete(shop, ready, given)).toMatchObject({
      userErrors: [{ declineCode: 'AUTHENTICATION_FAILED' }],
    });
    expect(await reserved('MUG')).toBe(before);
  });

  test('gives way to another card; what the bank says then counts no more', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const given = { token: 'tok_3ds', key: randomUUID() };
    const asked = await complete(shop, ready, given);
    const { order } = await complete(shop, ready);
    expect(order?.status).toBe('PLACED');
    await atTheBank(asked.userErrors[0]?.actionUrl ?? '', 'approve');
    expect(kinds(await complete(shop, ready, given))).toEqual(['PaymentDeclinedError']);
    const orders = await ordersOf(ready.id);
    expect(orders.map(({ status }) => status).sort()).toEqual(['FAILED', 'PLACED']);
    const abandoned = orders.find(({ status }) => status === 'FAILED');
    expect(await onRecord(shop, abandoned?.id ?? '')).toMatchObject([{ status: 'voided' }]);
  });

  test('is found by the worker when the shopper does not come back', async () => {
    await shop.work('checkout');
    const ready = await readyCheckout(shop, oneMug);
    const asked = await complete(shop, ready, { token: 'tok_3ds' });
    await atTheBank(asked.userErrors[0]?.actionUrl ?? '', 'approve');
    const [begun] = await ordersOf(ready.id);
    await shop.db.placement.update({ where: { orderId: begun?.id ?? '' }, data: { nextAttemptAt: new Date() } });
    await expect.poll(async () => (await viewOrder(shop, begun?.id ?? '')).status, { timeout: 15_000 }).toBe('PLACED');
  });

  test('that is not taken in time ends the order', async () => {
    await shop.work('checkout');
    const before = await reserved('MUG');
    const ready = await readyCheckout(shop, oneMug);
    await complete(shop, ready, { token: 'tok_3ds' });
    const [begun] = await ordersOf(ready.id);
    const past = new Date(Date.now() - 1_000);
    await shop.db.placement.update({
      where: { orderId: begun?.id ?? '' },
      data: { deadline: past, nextAttemptAt: past },
    });
    await expect.poll(async () => (await viewOrder(shop, begun?.id ?? '')).status, { timeout: 15_000 }).toBe('FAILED');
    expect(await reserved('MUG')).toBe(before);
    expect(await onRecord(shop, begun?.id ?? '')).toMatchObject([{ status: 'voided' }]);
  });
});

describe('keys and races', () => {
  test('the same click eight times is one order and one authorization', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => complete(shop, ready, { key, token: 'tok_slow' })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ order: { status: 'PLACED' }, accessToken: expect.any(String), userErrors: [] });
    expect(await ordersOf(ready.id)).toHaveLength(1);
    expect(await onRecord(shop, answers[0]?.order?.id ?? '')).toHaveLength(1);
  });

  test('eight keys at once are one order; the others hear that it is closed', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(shop, ready)));
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(1);
    expect(answers.filter((answer) => kinds(answer)[0] === 'CheckoutClosedError')).toHaveLength(7);
    const placed = await ordersOf(ready.id);
    expect(placed).toMatchObject([{ status: 'PLACED' }]);
    for (const { userErrors } of answers) {
      if (userErrors[0]) expect(userErrors[0]).toMatchObject({ status: 'COMPLETED', order: { id: placed[0]?.id } });
    }
  });

  test('eight keys of which all decline leave an open checkout and nothing held', async () => {
    const before = await reserved('MUG');
    const ready = await readyCheckout(shop, oneMug);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => complete(shop, ready, { token: 'tok_declined' })),
    );
    for (const answer of answers)
      expect(['PaymentDeclinedError', 'CheckoutInProgressError']).toContain(kinds(answer)[0]);
    expect(await viewCheckout(shop, ready.id)).toMatchObject({ status: 'OPEN' });
    expect(await reserved('MUG')).toBe(before);
  });

  test('a key keeps its answer; another input with it is refused', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const first = await complete(shop, ready, { key });
    expect(await complete(shop, ready, { key })).toEqual(first);
    expect(kinds(await complete(shop, ready, { key, token: 'tok_slow' }))).toEqual(['IdempotencyKeyReusedError']);
    expect(kinds(await complete(shop, ready, { key, total: '1.00' }))).toEqual(['IdempotencyKeyReusedError']);
    expect(kinds(await complete(shop, ready))).toEqual(['CheckoutClosedError']);
  });

  test('a driver that was held up and lost its lease writes nothing over what another did', async () => {
    await shop.work('checkout');
    const ready = await readyCheckout(shop, oneMug);
    let heldUp = false;
    meanwhile = async (step, phase) => {
      if (heldUp || step !== 'AUTHORIZE' || phase !== 'done') return;
      heldUp = true;
      const [begun] = await ordersOf(ready.id);
      const orderId = begun?.id ?? '';
      await shop.db.placement.update({ where: { orderId }, data: { claimedUntil: new Date(Date.now() - 1) } });
      await vi.waitFor(async () => expect((await viewOrder(shop, orderId)).status).toBe('PLACED'), { timeout: 6_000 });
    };
    const { order } = await complete(shop, ready);
    expect([heldUp, order?.status]).toEqual([true, 'PLACED']);
    const { timeline } = await viewOrder(shop, order?.id ?? '');
    expect(timeline.map(({ kind }) => kind)).toEqual(['STOCK_RESERVED', 'PAYMENT_AUTHORIZED', 'PLACED']);
    expect(await shop.db.outboxEvent.count({ where: { aggregateId: order?.id ?? '' } })).toBe(1);
    expect(await shop.db.placement.findUniqueOrThrow({ where: { orderId: order?.id ?? '' } })).toMatchObject({
      state: 'PLACED',
      step: 'CONFIRM',
    });
  });

  test('twenty shoppers race for five bowls: five have one, the others are told', async () => {
    const ready: Awaited<ReturnType<typeof readyCheckout>>[] = [];
    while (ready.length < 20) ready.push(await readyCheckout(shop, [{ sku: 'BOWL', quantity: 1 }]));
    const answers = await Promise.all(ready.map((checkout) => complete(shop, checkout)));
    expect(answers.filter(({ order }) => order?.status === 'PLACED')).toHaveLength(5);
    expect(answers.filter((answer) => kinds(answer)[0] === 'InsufficientStockError')).toHaveLength(15);
    expect(await levelOf(shop, 'BOWL')).toMatchObject({ onHand: 5, reserved: 5, available: 0 });
  });
});

describe('what changed meanwhile', () => {
  test('a new price is told with the total, and the order goes through with it', async () => {
    await aProduct(shop, 'PAN', { price: '4200', version: 2 });
    const ready = await readyCheckout(shop, [{ sku: 'PAN', quantity: 1 }]);
    await aProduct(shop, 'PAN', { price: '4500', version: 3 });
    const refused = await complete(shop, ready);
    expect(refused).toMatchObject({
      order: null,
      userErrors: [{ __typename: 'PriceChangedError', currentTotal: { amount: '51.90', currency: 'USD' } }],
    });
    expect(await viewCheckout(shop, ready.id)).toMatchObject({
      lines: [{ unitPrice: { amount: '45.00' } }],
      cost: { total: { amount: '51.90' } },
    });
    expect((await complete(shop, ready, { total: '51.90' })).order?.status).toBe('PLACED');
  });

  test('another total than agreed to is refused, and another currency', async () => {
    const ready = await readyCheckout(shop, oneMug);
    expect(await complete(shop, ready, { total: '48.89' })).toMatchObject({
      userErrors: [{ __typename: 'PriceChangedError', currentTotal: { amount: '48.90' } }],
    });
    expect(kinds(await complete(shop, ready, { currency: 'EUR' }))).toEqual(['PriceChangedError']);
    expect((await complete(shop, ready, { total: '48.9' })).order?.status).toBe('PLACED');
  });

  test('other goods in the cart are taken over, and delivery is chosen anew', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const { data } = await ask(
      shop.subgraph('cart'),
      'mutation($i: CartLinesAddInput!) { cartLinesAdd(input: $i) { userErrors { __typename } } }',
      {
        i: { cartId: ready.cartId, lines: [{ sku: 'MUG', quantity: 2 }] },
      },
    );
    expect(data).toEqual({ cartLinesAdd: { userErrors: [] } });
    expect(await complete(shop, ready)).toMatchObject({
      userErrors: [{ __typename: 'PriceChangedError', currentTotal: { amount: '126.00' } }],
    });
    expect(await complete(shop, ready, { total: '126.00' })).toMatchObject({
      userErrors: [{ __typename: 'CheckoutIncompleteError', missing: ['DELIVERY_OPTION'] }],
    });
  });

  test('a product that is no longer sold', async () => {
    const ready = await readyCheckout(shop, [{ sku: 'LAMP', quantity: 1 }]);
    await aProduct(shop, 'LAMP', { version: 2, onSale: false });
    expect(await complete(shop, ready)).toMatchObject({
      userErrors: [{ __typename: 'InsufficientStockError', sku: 'LAMP', requested: 1, available: 0 }],
    });
  });

  test('stock that went to another', async () => {
    const [one, two] = [
      await readyCheckout(shop, [{ sku: 'VASE', quantity: 1 }]),
      await readyCheckout(shop, [{ sku: 'VASE', quantity: 1 }]),
    ];
    expect((await complete(shop, one)).order?.status).toBe('PLACED');
    expect(await complete(shop, two)).toMatchObject({
      order: null,
      userErrors: [{ __typename: 'InsufficientStockError', sku: 'VASE', requested: 1, available: 0 }],
    });
    expect(await viewCheckout(shop, two.id)).toMatchObject({ status: 'OPEN' });
    const [failed] = await ordersOf(two.id);
    expect(await viewOrder(shop, failed?.id ?? '')).toMatchObject({
      status: 'FAILED',
      payments: [{ status: 'VOIDED' }],
    });
  });

  test('an offer of delivery that has expired has to be chosen anew', async () => {
    const ready = await readyCheckout(shop, oneMug);
    await shop.db.$executeRaw`
      UPDATE checkout SET delivery = jsonb_set(delivery, '{expiresAt}', '"2020-01-01T00:00:00.000Z"') WHERE secret = ${ready.id}`;
    expect(await complete(shop, ready)).toMatchObject({
      userErrors: [{ __typename: 'CheckoutIncompleteError', missing: ['DELIVERY_OPTION'] }],
    });
  });

  test('what is missing is said whole', async () => {
    const cartId = await aCart(shop, oneMug);
    const { checkout } = await change(shop, 'checkoutCreate', { cartId });
    if (!checkout) throw new Error('There is no checkout.');
    expect(await complete(shop, checkout, { token: null })).toMatchObject({
      userErrors: [
        { __typename: 'CheckoutIncompleteError', missing: ['EMAIL', 'SHIPPING_ADDRESS', 'DELIVERY_OPTION', 'PAYMENT'] },
      ],
    });
  });

  test.each<[Record<string, string>, string]>([
    [{ key: '' }, 'input.idempotencyKey'],
    [{ key: 'a key' }, 'input.idempotencyKey'],
    [{ total: '48.901' }, 'input.expectedTotal.amount'],
    [{ currency: 'XQX' }, 'input.expectedTotal.currency'],
    [{ token: ' ' }, 'input.payment.token'],
  ])('wrong input %j is named', async (given, path) => {
    const { userErrors } = await complete(
      shop,
      { id: 'checkout_x', cost: { total: { amount: '1.00' } } } as never,
      given,
    );
    expect(userErrors.map((error) => [error.__typename, error.path.join('.')])).toEqual([['InvalidInputError', path]]);
  });
});

describe('a hold that lapsed before it was confirmed', () => {
  const lapse = async (sku: string, takenByOther: number) => {
    const inventory = shop.dependenciesOf('inventory');
    await sql(inventory, "UPDATE reservation SET expires_at = now() - interval '1 second' WHERE status = 'HELD'");
    await vi.waitFor(async () => expect(await reserved(sku)).toBe(0), { timeout: 10_000 });
    if (takenByOther === 0) return;
    const { errors } = await ask(
      shop.subgraph('inventory'),
      'mutation($i: StockAdjustInput!) { stockAdjust(input: $i) { userErrors { ... on UserError { message } } } }',
      { i: { warehouse: 'MAIN', sku, delta: -takenByOther, reason: 'DAMAGED', idempotencyKey: randomUUID() } },
      { kind: 'staff', id: 's', scopes: ['inventory:write'] },
    );
    expect(errors).toBeUndefined();
  };

  test('is held anew when the stock is still there', async () => {
    const ready = await readyCheckout(shop, [{ sku: 'JUG', quantity: 1 }]);
    meanwhile = async (step, phase) => {
      if (step === 'CONFIRM' && phase === 'before') await lapse('JUG', 0);
    };
    expect((await complete(shop, ready)).order).toMatchObject({ status: 'PLACED' });
    expect(await reserved('JUG')).toBe(1);
  });

  test('is refused when it is gone, and the payment let go', async () => {
    await stock(shop, { CUP: 1 });
    await aProduct(shop, 'CUP');
    const ready = await readyCheckout(shop, [{ sku: 'CUP', quantity: 1 }]);
    meanwhile = async (step, phase) => {
      if (step === 'CONFIRM' && phase === 'before') await lapse('CUP', 1);
    };
    expect(await complete(shop, ready)).toMatchObject({
      userErrors: [{ __typename: 'InsufficientStockError', sku: 'CUP', available: 0 }],
    });
    const [failed] = await ordersOf(ready.id);
    expect(await viewOrder(shop, failed?.id ?? '')).toMatchObject({
      status: 'FAILED',
      payments: [{ status: 'VOIDED' }],
    });
    expect(await onRecord(shop, failed?.id ?? '')).toMatchObject([{ status: 'voided' }]);
  });
});

describe('while another service is away', () => {
  const settled = (id: string) => expect.poll(async () => (await viewOrder(shop, id)).status, { timeout: 20_000 });

  test.each<[string, string[], object]>([
    ['inventory', ['inventory'], {}],
    ['the payment provider', [], { paymentSandbox: { url: 'http://127.0.0.1:9', apiKey: 'nobody-is-there-at-all' } }],
  ])('%s: the order is PENDING, and the worker places it', async (_name, away, settings) => {
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const crippled = await checkoutWithout(shop, away, { ...settings, onStep: () => undefined });
    const pending = await complete(crippled, ready, { key });
    expect(pending).toMatchObject({
      order: { status: 'PENDING', placedAt: null, payments: [{ status: 'PENDING' }] },
      accessToken: expect.any(String),
      userErrors: [],
    });
    const id = pending.order?.id ?? '';
    expect((await viewOrder(shop, id)).timeline.map(({ kind }) => kind)).toContain('NOTE');
    await shop.work('checkout');
    await settled(id).toBe('PLACED');
    expect(await onRecord(shop, id)).toHaveLength(1);
    expect(await complete(shop, ready, { key })).toMatchObject({
      order: { id, status: 'PLACED' },
      accessToken: pending.accessToken,
    });
  });

  test('the payment provider, for too long: it is undone, nothing is charged or held', async () => {
    const before = await reserved('MUG');
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const crippled = await checkoutWithout(shop, [], {
      paymentSandbox: { url: 'http://127.0.0.1:9', apiKey: 'nobody-is-there-at-all' },
    });
    const { order } = await complete(crippled, ready, { key });
    const id = order?.id ?? '';
    await shop.db.placement.update({ where: { orderId: id }, data: { deadline: new Date(Date.now() - 1_000) } });
    await shop.work('checkout');
    await settled(id).toBe('FAILED');
    expect(await reserved('MUG')).toBe(before);
    expect(await onRecord(shop, id)).toEqual([]);
    expect(kinds(await complete(shop, ready, { key }))).toEqual(['PaymentDeclinedError']);
    expect((await complete(shop, ready)).order?.status).toBe('PLACED');
  });

  test('the payment provider: the hold is extended as long as nobody knows', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const paymentSandbox = { url: 'http://127.0.0.1:9', apiKey: 'nobody-is-there-at-all' };
    const crippled = await checkoutWithout(shop, [], { paymentSandbox });
    const orderId = (await complete(crippled, ready, { key })).order?.id ?? '';
    const soon = new Date(Date.now() + 60_000);
    // No worker gets at it: this is about the shopper who asks again.
    await shop.db.placement.update({
      where: { orderId },
      data: { holdExpiresAt: soon, nextAttemptAt: new Date(Date.now() + 3_600_000) },
    });
    const inventory = shop.dependenciesOf('inventory');
    await sql(inventory, 'UPDATE reservation SET expires_at = $2 WHERE order_id = $1', [orderId, soon]);
    expect((await complete(crippled, ready, { key })).order).toMatchObject({ id: orderId, status: 'PENDING' });
    const [held] = await sql<{ left: number }>(
      inventory,
      "SELECT extract(epoch FROM expires_at - now())::float AS left FROM reservation WHERE order_id = $1 AND status = 'HELD'",
      [orderId],
    );
    expect(held?.left).toBeGreaterThan(15 * 60);
  });

  test('cart: nothing begins, and the same call goes through later', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const key = randomUUID();
    const crippled = await checkoutWithout(shop, ['cart']);
    await expect(complete(crippled, ready, { key })).rejects.toThrow('SUBGRAPH_UNAVAILABLE');
    expect(await ordersOf(ready.id)).toEqual([]);
    expect((await complete(shop, ready, { key })).order?.status).toBe('PLACED');
  });
});

test('reconciliation is told of orders by id and by span, and nobody else is', async () => {
  const query = `query($ids: [ID!], $after: DateTime, $first: Int, $cursor: String) {
    ordersForReconciliation(ids: $ids, placedAfter: $after, first: $first, after: $cursor) {
      orders { id status country lines { sku quantity } } endCursor } }`;
  const { order } = await complete(shop, await readyCheckout(shop, oneMug));
  const byId = await ask(shop.checkout, query, { ids: [order?.id, 'order_nope'] }, service('inventory'));
  expect(byId.data).toEqual({
    ordersForReconciliation: {
      orders: [{ id: order?.id, status: 'PLACED', country: 'US', lines: [{ sku: 'MUG', quantity: 1 }] }],
      endCursor: null,
    },
  });

  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const variables = { after: '2020-01-01T00:00:00Z', first: 4, cursor };
    const { data } = await ask(shop.checkout, query, variables, service('inventory'));
    const page = data?.ordersForReconciliation as { orders: { id: string }[]; endCursor: string | null };
    seen.push(...page.orders.map(({ id }) => id));
    cursor = page.endCursor;
  } while (cursor);
  const placed = await shop.db.order.findMany({
    where: { placedAt: { not: null } },
    orderBy: [{ placedAt: 'asc' }, { id: 'asc' }],
  });
  expect(seen).toEqual(placed.map(({ id }) => id));

  for (const viewer of [undefined, clerk, service('shipping')]) {
    expect((await ask(shop.checkout, query, { ids: [order?.id] }, viewer)).data).toEqual({
      ordersForReconciliation: null,
    });
  }
  expect((await ask(shop.checkout, query, {}, service('inventory'))).errors?.[0]?.extensions?.code).toBe(
    'BAD_USER_INPUT',
  );
});
