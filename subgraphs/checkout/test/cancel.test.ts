import { dropOldRows } from '@mercato/retention';
import { ask, askData, deliver, staff } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../inventory/test/stock.ts';
import { shipmentDispatched } from '../../shipping/src/events/index.ts';
import type { StepObserver } from '../src/domain/placement/drive.ts';
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
let meanwhile: StepObserver = () => undefined;
beforeAll(async () => {
  shop = await openShop({
    sweepEveryMs: 300,
    leaseMs: 3_000,
    onStep: (step, phase) => meanwhile(step, phase),
  });
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

describe('of a clerk who cancels and one who sends at one instant', () => {
  const parcelOf = async (orderId: string) =>
    (
      await sql<{ id: string; status: string }>(
        shop.dependenciesOf('shipping'),
        'SELECT id, status::text AS status FROM shipment WHERE order_id = $1',
        [orderId],
      )
    ).at(0);
  const send = (shipmentId: string) =>
    ask(
      shop.subgraph('shipping'),
      'mutation($input: ShipmentDispatchInput!) { shipmentDispatch(input: $input) { shipment { id } userErrors { ... on UserError { message } } } }',
      { input: { shipmentId, trackingNumber: '1Z9' } },
      staff('orders:write'),
    );

  test('one comes too late, whatever the moment: no order is cancelled and sent', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => anOrder()));
    const parcels = new Map<string, string>();
    for (const id of ids) {
      await expect.poll(() => parcelOf(id), { timeout: 15_000 }).toBeDefined();
      parcels.set(id, (await parcelOf(id))?.id ?? '');
    }
    const answers = await Promise.all(
      ids.map(async (id, n) => {
        const sending = () => send(parcels.get(id) ?? '');
        const early = n % 3 === 0 ? [sending()] : [];
        const cancelling = [cancel({ orderId: id }), cancel({ orderId: id })];
        await Promise.all([...early, sending(), sending()]);
        return (await Promise.all(cancelling)).some(({ order }) => order !== null);
      }),
    );
    for (const [n, id] of ids.entries()) {
      const isCancelled = answers[n] === true;
      expect((await parcelOf(id))?.status).toBe(isCancelled ? 'CANCELLED' : 'DISPATCHED');
      const reached = async () => {
        const { status, payments } = await viewOrder(shop, id);
        return [status, payments[0]?.status, await stateOf(id)];
      };
      await expect
        .poll(reached, { timeout: 20_000 })
        .toEqual(isCancelled ? ['CANCELLED', 'VOIDED', 'CANCELLED'] : ['SHIPPED', 'CAPTURED', 'PLACED']);
    }
  });

  test('the one who sends wins while the other is about to ask: the order is as it was, and may be asked about again', async () => {
    const id = await anOrder();
    await expect.poll(() => parcelOf(id), { timeout: 15_000 }).toBeDefined();
    meanwhile = async (step, phase) => {
      if (step === 'CANCEL_SHIPMENTS' && phase === 'before') await send((await parcelOf(id))?.id ?? '');
    };
    for (const key of ['torn', 'torn', 'torn-again']) {
      expect(await cancel({ orderId: id, idempotencyKey: key })).toMatchObject({
        order: null,
        userErrors: [{ __typename: 'OrderNotCancellableError' }],
      });
    }
    meanwhile = () => undefined;
    expect(await stateOf(id)).toBe('PLACED');
    expect(await notesOf(id)).toContainEqual(expect.stringContaining('a parcel had left'));
    await expect
      .poll(async () => (await viewOrder(shop, id)).payments[0]?.status, { timeout: 15_000 })
      .toBe('CAPTURED');
    expect((await viewOrder(shop, id)).status).toBe('SHIPPED');
  });

  test('shipping that stops answering in between leaves it to the worker, which ends it', async () => {
    const id = await anOrder();
    await expect.poll(() => parcelOf(id), { timeout: 15_000 }).toBeDefined();
    const shipping = shop.subgraph('shipping');
    meanwhile = (step, phase) => {
      if (step === 'CANCEL_SHIPMENTS' && phase === 'before') shop.running.delete('shipping');
    };
    const { checkout } = await checkoutWithout(shop, [], {
      answerWithinMs: 1_000,
      onStep: (step, phase) => meanwhile(step, phase),
    });
    try {
      const { errors } = await ask(checkout, query, { input: { orderId: id } }, clerk);
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('Shipping does not answer'),
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      });
      expect((await viewOrder(shop, id)).status).toBe('PLACED');
      expect(await onRecord(shop, id)).toMatchObject([{ status: 'authorized' }]);
    } finally {
      meanwhile = () => undefined;
      shop.running.set('shipping', shipping);
    }
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('CANCELLED');
    expect((await parcelOf(id))?.status).toBe('CANCELLED');
    expect(await viewOrder(shop, id)).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'VOIDED' }] });
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

test('events and answers past their time are removed', async () => {
  await sql(
    shop.dependencies,
    `WITH told AS (
    INSERT INTO outbox_event (id, name, aggregate_id, version, payload, published_at)
    VALUES ('event_past', 'thing.made', 'thing_1', 1, '{}', now() - interval '31 days')
  ), heard AS (
    INSERT INTO inbox_event VALUES ('event_past', now() - interval '91 days')
  ) INSERT INTO idempotency_record VALUES ('past', 'past', 'hash', 'true', now() - interval '31 days')`,
  );
  const left = `SELECT id FROM outbox_event WHERE id = 'event_past' UNION ALL SELECT event_id FROM inbox_event WHERE event_id = 'event_past'
    UNION ALL SELECT key FROM idempotency_record WHERE scope = 'past'`;
  await shop.dependencies.queues.add(dropOldRows('checkout'), {});
  await expect.poll(() => sql(shop.dependencies, left), { timeout: 15_000 }).toEqual([]);
});
