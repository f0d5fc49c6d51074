import { ask, askData, deliver } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../inventory/test/stock.ts';
import { shipmentDispatched } from '../../shipping/src/events/index.ts';
import {
  aProduct,
  atTheProcessor,
  checkoutWithout,
  clerk,
  complete,
  levelOf,
  onRecord,
  openShop,
  readyCheckout,
  type Shop,
  stock,
  type UserError,
  viewOrder,
} from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ sweepEveryMs: 300, leaseMs: 3_000 });
  await shop.work('cart', 'shipping', 'inventory', 'checkout');
  await stock(shop, { MUG: 100, PAN: 100 });
  for (const sku of ['MUG', 'PAN']) await aProduct(shop, sku);
});
afterAll(() => shop.close());

const oneMug = [{ sku: 'MUG', quantity: 1 }];
const query = `mutation($input: OrderCancelInput!) { orderCancel(input: $input) { order { id status payments { status } }
  userErrors { __typename ... on UserError { message path } ... on OrderNotCancellableError { status } } } }`;

async function cancel(input: object) {
  type Payload = { order: { status: string; payments: object[] } | null; userErrors: UserError[] };
  return (await askData<{ orderCancel: Payload }>(shop.checkout, query, { input }, clerk)).orderCancel;
}

const refusals = ({ userErrors }: { userErrors: UserError[] }) =>
  userErrors.map(({ __typename, path }) => [__typename, path.join('.')]);

async function anOrder(lines = oneMug): Promise<string> {
  const { order } = await complete(shop, await readyCheckout(shop, lines));
  if (!order) throw new Error('The order was refused.');
  return order.id;
}

const stateOf = async (orderId: string) => (await shop.db.placement.findUniqueOrThrow({ where: { orderId } })).state;
const notesOf = async (orderId: string) =>
  (await viewOrder(shop, orderId)).timeline.filter(({ kind }) => kind === 'NOTE').map(({ message }) => message);

test('gives stock and money back, and says so', async () => {
  const before = (await levelOf(shop, 'PAN')).reserved;
  const id = await anOrder([{ sku: 'PAN', quantity: 3 }]);
  const input = { orderId: id, reason: 'asked by\u0000 phone', idempotencyKey: 'cancel-1' };
  const first = await cancel(input);
  expect(first).toEqual({ order: { id, status: 'CANCELLED', payments: [{ status: 'VOIDED' }] }, userErrors: [] });
  expect(await cancel(input)).toEqual(first);
  expect(refusals(await cancel({ ...input, reason: 'other' }))).toEqual([
    ['IdempotencyKeyReusedError', 'input.idempotencyKey'],
  ]);
  expect(await cancel({ orderId: id })).toMatchObject({
    userErrors: [{ __typename: 'OrderNotCancellableError', status: 'CANCELLED' }],
  });
  expect((await levelOf(shop, 'PAN')).reserved).toBe(before);
  expect(await onRecord(shop, id)).toMatchObject([{ status: 'voided' }]);
  const events = await shop.db.outboxEvent.findMany({ where: { aggregateId: id, name: 'order.cancelled' } });
  expect(events.map(({ payload }) => payload)).toEqual([{ orderId: id, reason: 'asked by phone' }]);
  expect((await viewOrder(shop, id)).timeline.find(({ kind }) => kind === 'CANCELLED')?.message).toContain(
    'asked by phone',
  );
});

test('ten clerks at once cancel once', async () => {
  const id = await anOrder();
  const answers = await Promise.all(Array.from({ length: 10 }, () => cancel({ orderId: id })));
  expect(answers.filter((answer) => answer.order !== null)).toHaveLength(1);
  expect(await shop.db.outboxEvent.count({ where: { aggregateId: id, name: 'order.cancelled' } })).toBe(1);
});

test('is for staff, and for orders of which nothing has left', async () => {
  const id = await anOrder();
  const byGuest = await ask(shop.checkout, query, { input: { orderId: id } });
  expect(byGuest.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  for (const unknown of ['order_nope', '\u0000']) {
    expect(refusals(await cancel({ orderId: unknown }))).toEqual([['NotFoundError', 'input.orderId']]);
  }
  await shop.db.order.update({ where: { id }, data: { status: 'SHIPPED' } });
  expect(await cancel({ orderId: id })).toMatchObject({ order: null, userErrors: [{ status: 'SHIPPED' }] });
});

describe('a parcel that leaves meanwhile', () => {
  test('is known to shipping first: the order is not cancelled, with a key or without', async () => {
    const id = await anOrder();
    const parcels = async () =>
      sql(shop.dependenciesOf('shipping'), 'UPDATE shipment SET status = $2 WHERE order_id = $1 RETURNING id', [
        id,
        'DISPATCHED',
      ]);
    await expect.poll(parcels, { timeout: 15_000 }).toHaveLength(1);
    for (const input of [{ orderId: id }, { orderId: id, idempotencyKey: 'too-late' }]) {
      expect(await cancel(input)).toMatchObject({
        order: null,
        userErrors: [{ __typename: 'OrderNotCancellableError', message: expect.stringContaining('has left') }],
      });
    }
    expect(await viewOrder(shop, id)).toMatchObject({ status: 'PLACED', payments: [{ status: 'AUTHORIZED' }] });
    expect(await stateOf(id)).toBe('PLACED');
  });

  test('cannot be asked for while shipping is away: nothing is changed', async () => {
    const id = await anOrder();
    const { checkout } = await checkoutWithout(shop, ['shipping']);
    const { errors } = await ask(checkout, query, { input: { orderId: id } }, clerk);
    expect(errors?.[0]?.extensions?.code).toBe('SUBGRAPH_UNAVAILABLE');
    expect((await viewOrder(shop, id)).status).toBe('PLACED');
  });

  test('is noted when it left all the same; what has left keeps nothing from ending', async () => {
    const id = await anOrder();
    const before = (await levelOf(shop, 'MUG')).reserved;
    const dispatched = {
      aggregateId: `${id}_1`,
      version: 1,
      payload: {
        shipmentId: `${id}_1`,
        orderId: id,
        warehouse: 'MAIN',
        carrier: 'UPS',
        trackingNumber: '1Z9',
        lines: oneMug,
        dispatchedAt: new Date().toISOString(),
      },
    };
    await deliver(shop.dependencies.queues, 'inventory', shipmentDispatched, dispatched);
    await expect.poll(async () => (await levelOf(shop, 'MUG')).reserved, { timeout: 15_000 }).toBe(before - 1);

    expect(await cancel({ orderId: id })).toMatchObject({ order: { status: 'CANCELLED' }, userErrors: [] });
    await expect.poll(() => stateOf(id), { timeout: 15_000 }).toBe('CANCELLED');
    expect((await levelOf(shop, 'MUG')).reserved).toBe(before - 1);

    await deliver(shop.dependencies.queues, 'checkout', shipmentDispatched, dispatched);
    await expect.poll(() => notesOf(id), { timeout: 15_000 }).toContainEqual(expect.stringContaining('no money'));
    expect(await viewOrder(shop, id)).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'VOIDED' }] });
    expect(await onRecord(shop, id)).toMatchObject([{ status: 'voided' }]);
  });
});

describe('money that someone took at the provider by hand', () => {
  test('is given back', async () => {
    const before = (await levelOf(shop, 'MUG')).reserved;
    const id = await anOrder();
    const [authorization] = await onRecord(shop, id);
    await atTheProcessor(shop, `${authorization?.id}/capture`);
    expect(await cancel({ orderId: id })).toMatchObject({ order: { payments: [{ status: 'REFUNDED' }] } });
    expect(await stateOf(id)).toBe('CANCELLED');
    expect((await levelOf(shop, 'MUG')).reserved).toBe(before);
    expect((await onRecord(shop, id))[0]?.refundedAmount).toBe(authorization?.amount);
  });

  test('is left to staff where only a part of it was taken; the stock is free', async () => {
    const before = (await levelOf(shop, 'MUG')).reserved;
    const id = await anOrder();
    const [authorization] = await onRecord(shop, id);
    await atTheProcessor(shop, `${authorization?.id}/capture`, { amount: '100' });
    expect(await cancel({ orderId: id })).toMatchObject({ order: { payments: [{ status: 'CAPTURED' }] } });
    expect(await stateOf(id)).toBe('CANCELLED');
    expect((await levelOf(shop, 'MUG')).reserved).toBe(before);
    expect(await notesOf(id)).toContainEqual(expect.stringContaining('do so at the provider'));
  });
});
