import { randomUUID } from 'node:crypto';
import { newId, secretId } from '@mercato/ids';
import { ask, askData } from '@mercato/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StepObserver } from '../src/domain/placement/drive.ts';
import {
  aProduct,
  atTheBank,
  change,
  clerk,
  complete,
  onRecord,
  openShop,
  portland,
  readyCheckout,
  type Shop,
  stock,
  type UserError,
  viewCheckout,
  viewOrder,
} from './shop.ts';

let shop: Shop;
let meanwhile: StepObserver = () => undefined;
beforeAll(async () => {
  shop = await openShop({ sweepEveryMs: 300, leaseMs: 2_000, onStep: (step, phase) => meanwhile(step, phase) });
  await shop.work('cart', 'inventory');
  await stock(shop, { MUG: 100 });
  await aProduct(shop, 'MUG');
});
afterAll(() => shop.close());
beforeEach(() => {
  meanwhile = () => undefined;
});

const oneMug = [{ sku: 'MUG', quantity: 1 }];
const completeQuery = `mutation($input: CheckoutCompleteInput!) { checkoutComplete(input: $input) { order { id }
  userErrors { __typename ... on UserError { message path } ... on PaymentActionRequiredError { actionUrl } } } }`;
const paths = (errors: readonly UserError[]) => errors.map(({ __typename, path }) => [__typename, path.join('.')]);

async function placementOf(secret: string) {
  const { id } = await shop.db.checkout.findUniqueOrThrow({ where: { secret } });
  return shop.db.placement.findFirstOrThrow({ where: { checkoutId: id } });
}

test('a driver that breaks off has its next turn after its lease, and the order goes on', async () => {
  const ready = await readyCheckout(shop, oneMug);
  meanwhile = (step, phase) => {
    if (step === 'CONFIRM' && phase === 'before') throw new Error('The driver broke off.');
  };
  await expect(complete(shop, ready)).rejects.toThrow();
  const begun = await placementOf(ready.id);
  const again = begun.nextAttemptAt.getTime() - begun.createdAt.getTime();
  expect([begun.state, again]).toEqual(['RUNNING', expect.toSatisfy((ms: number) => ms >= 2_000)]);

  meanwhile = () => undefined;
  await shop.work('checkout');
  await expect.poll(async () => (await viewOrder(shop, begun.orderId)).status, { timeout: 15_000 }).toBe('PLACED');
  expect(await onRecord(shop, begun.orderId)).toHaveLength(1);
});

test("the card's token is gone as soon as the payment is decided", async () => {
  const kept: [string, boolean][] = [];
  const ready = await readyCheckout(shop, oneMug);
  meanwhile = async (step, phase) => {
    if (phase === 'before') kept.push([step, (await placementOf(ready.id)).sealedToken !== null]);
  };
  await complete(shop, ready);
  expect(kept).toEqual([
    ['RESERVE', true],
    ['AUTHORIZE', true],
    ['CONFIRM', false],
  ]);
});

test('a checkout that would have lapsed during a decline stays open for another card', async () => {
  const ready = await readyCheckout(shop, oneMug);
  meanwhile = async (step, phase) => {
    if (step !== 'AUTHORIZE' || phase !== 'done') return;
    await shop.db.checkout.update({ where: { secret: ready.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
  };
  await complete(shop, ready, { token: 'tok_declined' });
  meanwhile = () => undefined;
  expect(await viewCheckout(shop, ready.id)).toMatchObject({ status: 'OPEN' });
  expect((await complete(shop, ready)).order?.status).toBe('PLACED');
});

test('a cart that was ordered as it stands is not ordered again through another checkout', async () => {
  const ready = await readyCheckout(shop, oneMug);
  const { order } = await complete(shop, ready);
  expect(order?.status).toBe('PLACED');
  // What two clients could make between a completion and the next look at it.
  const ordered = await shop.db.checkout.findUniqueOrThrow({ where: { secret: ready.id } });
  const { id: _id, lines, shippingAddress, delivery, ...rest } = ordered;
  const secret = secretId('checkout');
  const stored = { lines: lines ?? [], shippingAddress: shippingAddress ?? {}, delivery: delivery ?? {} };
  await shop.db.checkout.create({ data: { ...rest, ...stored, id: newId('checkout'), secret, status: 'OPEN' } });

  const second = await complete(shop, { ...ready, id: secret });
  expect(second.order).toBeNull();
  expect(second.userErrors).toHaveLength(1);
  const { id } = await shop.db.checkout.findUniqueOrThrow({ where: { secret } });
  expect(await shop.db.order.count({ where: { checkoutId: id } })).toBe(0);
});

describe('input that no shopper sends', () => {
  test('ids with control characters are unknown', async () => {
    const address = await change(shop, 'checkoutShippingAddressUpdate', { checkoutId: '\u0000', address: portland });
    expect(paths(address.userErrors)).toEqual([['NotFoundError', 'input.checkoutId']]);
    expect(await viewCheckout(shop, 'checkout_\u0000')).toBeNull();
    const order = await ask(shop.checkout, 'query($id: ID!) { order(id: $id) { id } }', { id: '\u0000' }, clerk);
    expect(order).toMatchObject({ data: { order: null } });
    const ready = await readyCheckout(shop, oneMug);
    expect(paths((await complete(shop, { ...ready, id: '\u0000' })).userErrors)).toEqual([
      ['NotFoundError', 'input.checkoutId'],
    ]);
  });

  test('an address to come back to is kept as browsers write it', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const input = {
      checkoutId: ready.id,
      idempotencyKey: randomUUID(),
      expectedTotal: { amount: ready.cost.total.amount, currency: 'USD' },
      payment: { provider: 'SANDBOX', token: 'tok_3ds', returnUrl: 'https://shop.example/back\u0000?a=ü' },
    };
    type Payload = { checkoutComplete: { userErrors: UserError[] } };
    const { checkoutComplete } = await askData<Payload>(shop.checkout, completeQuery, { input });
    expect(checkoutComplete.userErrors).toMatchObject([{ __typename: 'PaymentActionRequiredError' }]);
    expect((await placementOf(ready.id)).returnUrl).toBe('https://shop.example/back%00?a=%C3%BC');
    await atTheBank(checkoutComplete.userErrors[0]?.actionUrl ?? '', 'approve');
    expect((await askData<Payload>(shop.checkout, completeQuery, { input })).checkoutComplete.userErrors).toEqual([]);
  });
});
