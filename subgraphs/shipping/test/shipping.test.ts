import { orderCancelled, orderPlaced } from '@mercato/checkout/events';
import { dropOldRows } from '@mercato/retention';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { ask, askData, deliver, service, staff, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDatabase, type ShippingDatabase } from '../src/domain/database.ts';
import { callOffPending } from '../src/domain/shipments/cancel-shipments.ts';
import { openShipments } from '../src/domain/shipments/open-shipments.ts';
import { createSubgraph } from '../src/subgraph.ts';

let dependencies: TestDependencies;
let shipping: Subgraph;
let worker: SubgraphWorker;
let db: ShippingDatabase;

beforeAll(async () => {
  dependencies = await testDependencies('shipping', undefined, { 'shipment.dispatched': ['listener'] });
  shipping = await createSubgraph(dependencies);
  await shipping.seed();
  await shipping.seed();
  worker = await shipping.startWorker();
  db = connectDatabase(dependencies.databaseUrl);
});
afterAll(async () => {
  await worker.stop();
  await shipping.close();
  await db.$disconnect();
  await dependencies.close();
});

interface Option {
  id: string;
  carrier: string;
  service: string;
  price: { amount: string; currency: string };
  estimatedDelivery: { earliest: string; latest: string };
  expiresAt: string;
}
const goods = (id: string, address: object | null, more: object = {}) => ({
  __typename: 'Checkout',
  id,
  currency: 'USD',
  shippingAddress: address,
  lines: [{ sku: 'MUG', quantity: 2, weightInGrams: 400, total: { amount: '48.00', currency: 'USD' } }],
  ...more,
});
const portland = { city: 'Portland', region: 'OR', postalCode: '97201', country: 'US' };

async function options(...representations: object[]): Promise<(Option[] | null)[]> {
  const query = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Checkout {
    deliveryOptions { id carrier service price { amount currency } estimatedDelivery { earliest latest } expiresAt } } } }`;
  const { _entities } = await askData<{ _entities: { deliveryOptions: Option[] | null }[] }>(shipping, query, {
    representations,
  });
  return _entities.map(({ deliveryOptions }) => deliveryOptions);
}
const quote = async (id: string, checkoutId: string) =>
  (
    await askData<{ deliveryQuote: object | null }>(
      shipping,
      'query($id: ID!, $c: ID!) { deliveryQuote(id: $id, checkoutId: $c) { carrier service price { amount } } }',
      { id, c: checkoutId },
      service('checkout'),
    )
  ).deliveryQuote;

describe('delivery options', () => {
  test('are the ways to the address, cheapest first, each a quote that checkout can ask for', async () => {
    const [offered] = await options(goods('checkout_a', portland));
    expect(offered).toMatchObject([
      { carrier: 'USPS', service: 'Standard', price: { amount: '6.90', currency: 'USD' } },
      { carrier: 'UPS', service: 'Express', price: { amount: '18.00', currency: 'USD' } },
    ]);
    expect((offered?.[0]?.estimatedDelivery.earliest ?? '') > new Date().toISOString().slice(0, 10)).toBe(true);
    expect(await quote(offered?.[0]?.id ?? '', 'checkout_a')).toEqual({
      carrier: 'USPS',
      service: 'Standard',
      price: { amount: '6.90' },
    });
  });

  test('asked for again are the same quotes; other goods or another address make others', async () => {
    const ids = async (...args: Parameters<typeof goods>) => (await options(goods(...args)))[0]?.map(({ id }) => id);
    const first = await ids('checkout_b', portland);
    expect(await ids('checkout_b', portland)).toEqual(first);
    for (const other of [ids('checkout_c', portland), ids('checkout_b', { ...portland, postalCode: '97202' })]) {
      expect(await other).not.toEqual(first);
    }
  });

  test('are free from the threshold on, and in the currency of the checkout', async () => {
    const lines = [{ sku: 'POT', quantity: 1, weightInGrams: 900, total: { amount: '75.00', currency: 'USD' } }];
    const euro = [{ sku: 'POT', quantity: 1, weightInGrams: 900, total: { amount: '20.00', currency: 'EUR' } }];
    const [free, inEuro] = await options(
      goods('checkout_d', portland, { lines }),
      goods('checkout_e', portland, { lines: euro, currency: 'EUR' }),
    );
    expect(free?.[0]).toMatchObject({ price: { amount: '0.00' } });
    expect(inEuro?.[0]).toMatchObject({ price: { amount: '6.50', currency: 'EUR' } });
  });

  test('are null without an address, and none where the shop does not deliver', async () => {
    expect(
      await options(
        goods('checkout_f', null),
        goods('checkout_g', { country: 'BR' }),
        goods('checkout_h', portland, { lines: [] }),
      ),
    ).toEqual([null, [], []]);
  });

  test('are quotes of one checkout, for a time, and for the checkout service only', async () => {
    const id = (await options(goods('checkout_i', portland)))[0]?.[0]?.id ?? '';
    expect(await quote(id, 'checkout_j')).toBeNull();
    expect(
      (
        await ask(
          shipping,
          'query($id: ID!) { deliveryQuote(id: $id, checkoutId: "checkout_i") { id } }',
          { id },
          staff('orders:write'),
        )
      ).errors,
    ).toHaveLength(1);
    await db.deliveryQuote.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await quote(id, 'checkout_i')).toBeNull();
  });

  test('keep no checkout id: it is a secret', async () => {
    await options(goods('checkout_secret', portland));
    expect(
      JSON.stringify(await db.deliveryQuote.findMany(), (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toContain('checkout_secret');
  });
});

const address = {
  name: 'Ada',
  line1: '1 Main St',
  line2: null,
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
  phone: null,
};
const place = (orderId: string, allocations: { warehouse: string; quantity: number }[], id?: string) =>
  deliver(dependencies.queues, 'shipping', orderPlaced, {
    aggregateId: orderId,
    version: 1,
    ...(id && { id }),
    payload: {
      orderId,
      number: 'M-10001',
      cartId: 'cart_1',
      email: 'ada@example.com',
      currency: 'USD',
      total: '4800',
      shippingAddress: address,
      delivery: { optionId: 'delivery_1', carrier: 'USPS', service: 'Standard' },
      lines: [
        {
          lineId: 'l1',
          sku: 'MUG',
          title: 'Mug',
          quantity: 3,
          unitPrice: '1600',
          total: '4800',
          weightInGrams: 400,
          allocations,
        },
      ],
    },
  });
const heard = (id: string) =>
  vi.waitFor(() => db.inboxEvent.findUniqueOrThrow({ where: { eventId: id } }), { timeout: 10_000 });

interface Shipment {
  id: string;
  status: string;
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  lines: { sku: string; quantity: number }[];
  events: { status: string; location: string | null }[];
}
const shipmentFields = 'id status carrier trackingNumber trackingUrl lines { sku quantity } events { status location }';
async function shipmentsOf(...orderIds: string[]): Promise<Shipment[][]> {
  const query = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Order { shipments { ${shipmentFields} } } } }`;
  const representations = orderIds.map((id) => ({ __typename: 'Order', id }));
  const { _entities } = await askData<{ _entities: { shipments: Shipment[] }[] }>(shipping, query, { representations });
  return _entities.map(({ shipments }) => shipments);
}
async function aShipment(orderId: string): Promise<Shipment> {
  await heard(await place(orderId, [{ warehouse: 'MAIN', quantity: 3 }]));
  return (await shipmentsOf(orderId))[0]?.[0] as Shipment;
}
interface Payload {
  shipment: Shipment | null;
  userErrors: { __typename: string; message: string; path: string[] }[];
}
const mutate = async (
  field: 'shipmentDispatch' | 'shipmentStatusUpdate',
  input: object,
  viewer = staff('orders:write'),
) => {
  const type = field === 'shipmentDispatch' ? 'ShipmentDispatchInput' : 'ShipmentStatusUpdateInput';
  const query = `mutation($input: ${type}!) { ${field}(input: $input) { shipment { ${shipmentFields} } userErrors { ... on UserError { __typename message path } } } }`;
  return (await ask(shipping, query, { input }, viewer)) as {
    data: Record<string, Payload>;
    errors?: { extensions: object }[];
  };
};
const dispatch = async (input: object) => (await mutate('shipmentDispatch', input)).data.shipmentDispatch as Payload;
const callOffQuery = `mutation($input: ShipmentsCancelInput!) { shipmentsCancel(input: $input) { shipments { status }
  userErrors { ... on UserError { __typename path } ... on ShipmentNotCancellableError { status } } } }`;
const callOff = async (orderId: string) =>
  (
    await askData<{ shipmentsCancel: { shipments: { status: string }[]; userErrors: object[] } }>(
      shipping,
      callOffQuery,
      { input: { orderId } },
      service('checkout'),
    )
  ).shipmentsCancel;
const statusesOf = (orders: readonly (readonly { status: string }[])[]) => orders.flat().map(({ status }) => status);
const update = async (input: object) =>
  (await mutate('shipmentStatusUpdate', input)).data.shipmentStatusUpdate as Payload;

describe('shipments', () => {
  test('are opened, one a warehouse, when an order is placed, however often that is heard', async () => {
    const allocations = [
      { warehouse: 'MAIN', quantity: 2 },
      { warehouse: 'EAST', quantity: 1 },
    ];
    const id = await place('order_1', allocations);
    await heard(id);
    await place('order_1', allocations, id);
    await heard(await place('order_1', allocations));
    expect(await shipmentsOf('order_1', 'order_unknown')).toMatchObject([
      [
        { status: 'PENDING', carrier: null, lines: [{ sku: 'MUG', quantity: 2 }], events: [{ status: 'PENDING' }] },
        { status: 'PENDING', lines: [{ sku: 'MUG', quantity: 1 }] },
      ],
      [],
    ]);
  });

  test('leave once, with a tracking page and an event, however many clerks press the button', async () => {
    const { id } = await aShipment('order_2');
    const input = { shipmentId: id, carrier: 'UPS', trackingNumber: '1Z999' };
    const payloads = await Promise.all(Array.from({ length: 10 }, () => dispatch(input)));
    for (const payload of payloads) {
      expect(payload).toMatchObject({
        shipment: { status: 'DISPATCHED', carrier: 'UPS', trackingUrl: 'https://www.ups.com/track?tracknum=1Z999' },
        userErrors: [],
      });
    }
    expect(await db.outboxEvent.findMany({ where: { aggregateId: id } })).toMatchObject([
      {
        name: 'shipment.dispatched',
        payload: { orderId: 'order_2', warehouse: 'MAIN', lines: [{ sku: 'MUG', quantity: 3 }] },
      },
    ]);
    expect((await dispatch({ ...input, trackingNumber: 'another' })).userErrors).toMatchObject([
      { __typename: 'ShipmentNotDispatchableError', path: ['input', 'shipmentId'] },
    ]);
    await expect
      .poll(async () => (await db.outboxEvent.findFirst({ where: { aggregateId: id } }))?.publishedAt, {
        timeout: 10_000,
      })
      .not.toBeNull();
  });

  test('leave with the carrier chosen at checkout when no other is named', async () => {
    const { id } = await aShipment('order_3');
    expect((await dispatch({ shipmentId: id, trackingNumber: '94001', idempotencyKey: 'k1' })).shipment).toMatchObject({
      carrier: 'USPS',
      trackingUrl: expect.stringContaining('usps.com'),
    });
    expect((await dispatch({ shipmentId: id, trackingNumber: '94001', idempotencyKey: 'k1' })).userErrors).toEqual([]);
    expect(
      (await dispatch({ shipmentId: id, trackingNumber: '94002', idempotencyKey: 'k1' })).userErrors,
    ).toMatchObject([{ __typename: 'IdempotencyKeyReusedError' }]);

    const another = await aShipment('order_3_b');
    const colleague = { ...staff('orders:write'), id: 'staff_colleague' };
    const input = { shipmentId: another.id, trackingNumber: '94003', idempotencyKey: 'k1' };
    expect((await mutate('shipmentDispatch', input, colleague)).data.shipmentDispatch).toMatchObject({
      shipment: { id: another.id, status: 'DISPATCHED' },
      userErrors: [],
    });
  });

  test.each<[object, string, string]>([
    [{ shipmentId: 'shipment_nope' }, 'NotFoundError', 'input.shipmentId'],
    [{ trackingUrl: 'javascript:alert(1)' }, 'InvalidInputError', 'input.trackingUrl'],
    [{ trackingNumber: 'x'.repeat(201) }, 'InvalidInputError', 'input.trackingNumber'],
    [{ carrier: 'U\0PS' }, 'InvalidInputError', 'input.carrier'],
    [{ idempotencyKey: 'a\0' }, 'InvalidInputError', 'input.idempotencyKey'],
    [{ trackingUrl: `https://x.example/${'x'.repeat(2_000)}` }, 'InvalidInputError', 'input.trackingUrl'],
  ])('do not leave with wrong input %#', async (input, error, path) => {
    const { id } = await aShipment(`order_wrong_${path}`);
    const { userErrors } = await dispatch({ shipmentId: id, ...input });
    expect(userErrors.map((each) => [each.__typename, each.path.join('.')])).toEqual([[error, path]]);
  });

  test('are for staff', async () => {
    for (const viewer of [staff('orders:read'), { kind: 'guest' as const, id: null, scopes: [] }]) {
      expect((await mutate('shipmentDispatch', { shipmentId: 'x' }, viewer)).errors).toHaveLength(1);
    }
  });

  test('go on as the carrier says, and tell when they arrive', async () => {
    const { id } = await aShipment('order_4');
    expect((await update({ shipmentId: id, status: 'DELIVERED' })).userErrors).toMatchObject([
      { __typename: 'ShipmentStatusTransitionError', message: expect.stringContaining('dispatched') },
    ]);
    await dispatch({ shipmentId: id });
    await update({ shipmentId: id, status: 'IN_TRANSIT', location: ' Reno, NV ' });
    await update({ shipmentId: id, status: 'IN_TRANSIT', location: 'Reno, NV' });
    expect(
      (await update({ shipmentId: id, status: 'DELIVERED', at: new Date(Date.now() + 3_600_000) })).userErrors,
    ).toMatchObject([{ path: ['input', 'at'] }]);
    const { shipment } = await update({ shipmentId: id, status: 'DELIVERED' });
    expect(shipment?.events.map(({ status, location }) => [status, location])).toEqual([
      ['PENDING', null],
      ['DISPATCHED', null],
      ['IN_TRANSIT', 'Reno, NV'],
      ['DELIVERED', null],
    ]);
    expect(await db.outboxEvent.findMany({ where: { aggregateId: id, name: 'shipment.delivered' } })).toHaveLength(1);
  });

  test('are seen again on their way: each place and instant once', async () => {
    const { id } = await aShipment('order_seen');
    await dispatch({ shipmentId: id });
    const seen = (location: string | null, at?: string, status = 'IN_TRANSIT') =>
      update({ shipmentId: id, status, location, ...(at && { at }) });
    const morning = new Date(Date.now() - 7_200_000).toISOString();
    const noon = new Date(Date.now() - 3_600_000).toISOString();
    for (const [location, at] of [
      ['Reno, NV', morning],
      ['Reno, NV', morning],
      ['Denver, CO', noon],
      ['Reno, NV', morning],
      ['Denver, CO', undefined],
      [null, undefined],
      [null, undefined],
    ] as const) {
      expect((await seen(location, at)).userErrors).toEqual([]);
    }
    await Promise.all(Array.from({ length: 10 }, () => seen(null, undefined, 'DELIVERED')));
    const events = (await shipmentsOf('order_seen'))[0]?.[0]?.events ?? [];
    const onTheWay = events.filter(({ status }) => status === 'IN_TRANSIT').map(({ location }) => location);
    expect(onTheWay).toEqual(['Reno, NV', 'Denver, CO', 'Denver, CO', null]);
    expect(events.filter(({ status }) => status === 'DELIVERED')).toHaveLength(1);
    expect((await seen('x'.repeat(201))).userErrors).toMatchObject([
      { __typename: 'InvalidInputError', path: ['input', 'location'] },
    ]);
  });

  test('are called off when placing and cancelling are heard at the same time', async () => {
    const orderIds = Array.from({ length: 50 }, (_, n) => `order_at_once_${n}`);
    const connections = Array.from({ length: 2 }, () => connectDatabase(dependencies.databaseUrl));
    const [one, other] = connections as [ShippingDatabase, ShippingDatabase];
    const lines = [{ sku: 'MUG', quantity: 1, allocations: [{ warehouse: 'MAIN', quantity: 1 }] }];
    for (const orderId of orderIds) {
      await Promise.all([
        one.$transaction((tx) => openShipments(tx, { orderId, carrier: 'USPS', service: 'Standard', lines })),
        other.$transaction((tx) => callOffPending(tx, orderId)),
      ]);
    }
    await Promise.all(connections.map((connection) => connection.$disconnect()));
    const statuses = (await shipmentsOf(...orderIds)).flat().map(({ status }) => status);
    expect(statuses).toHaveLength(50);
    expect(new Set(statuses)).toEqual(new Set(['CANCELLED']));
  });

  test('are called off with their order, whichever is heard of first', async () => {
    const cancel = async (orderId: string) =>
      heard(
        await deliver(dependencies.queues, 'shipping', orderCancelled, {
          aggregateId: orderId,
          version: 2,
          payload: { orderId, reason: null },
        }),
      );
    const { id } = await aShipment('order_5');
    await cancel('order_5');
    await cancel('order_6');
    await heard(await place('order_6', [{ warehouse: 'MAIN', quantity: 3 }]));
    expect((await shipmentsOf('order_5', 'order_6')).map(([first]) => first?.status)).toEqual([
      'CANCELLED',
      'CANCELLED',
    ]);
    expect((await dispatch({ shipmentId: id })).userErrors).toMatchObject([
      { __typename: 'ShipmentNotDispatchableError' },
    ]);
  });

  test('are called off for checkout all together, also those that are opened later, or not at all', async () => {
    const allocations = [
      { warehouse: 'MAIN', quantity: 2 },
      { warehouse: 'EAST', quantity: 1 },
    ];
    await heard(await place('order_off', allocations));
    for (const repeat of [1, 2]) {
      expect(await callOff('order_off'), `${repeat}`).toEqual({
        shipments: [{ status: 'CANCELLED' }, { status: 'CANCELLED' }],
        userErrors: [],
      });
    }
    const [parcel] = (await shipmentsOf('order_off'))[0] ?? [];
    expect(parcel?.events.map(({ status }) => status)).toEqual(['PENDING', 'CANCELLED']);

    expect(await callOff('order_off_early')).toEqual({ shipments: [], userErrors: [] });
    await heard(await place('order_off_early', allocations));
    expect(statusesOf(await shipmentsOf('order_off_early'))).toEqual(['CANCELLED', 'CANCELLED']);

    await heard(await place('order_partly_gone', allocations));
    const [first] = (await shipmentsOf('order_partly_gone'))[0] ?? [];
    await dispatch({ shipmentId: first?.id });
    expect(await callOff('order_partly_gone')).toMatchObject({
      shipments: [{ status: 'DISPATCHED' }, { status: 'PENDING' }],
      userErrors: [{ __typename: 'ShipmentNotCancellableError', path: ['input', 'orderId'], status: 'DISPATCHED' }],
    });
    const byStaff = await ask(shipping, callOffQuery, { input: { orderId: 'order_off' } }, staff('orders:write'));
    expect(byStaff.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  test('leave or are called off, never some of each, however many clerks try both at once', async () => {
    const orderIds = Array.from({ length: 10 }, (_, n) => `order_torn_${n}`);
    const allocations = [
      { warehouse: 'MAIN', quantity: 2 },
      { warehouse: 'EAST', quantity: 1 },
    ];
    await Promise.all(orderIds.map(async (orderId) => heard(await place(orderId, allocations))));
    const parcels = await shipmentsOf(...orderIds);
    const answers = await Promise.all(
      orderIds.map(async (orderId, n) => {
        const ids = parcels[n]?.map(({ id }) => id) ?? [];
        const calls = [0, 1, 2].flatMap(() => [callOff(orderId), ...ids.map((shipmentId) => dispatch({ shipmentId }))]);
        return Promise.all(n % 2 === 0 ? calls : calls.reverse());
      }),
    );
    const after = await shipmentsOf(...orderIds);
    for (const [n, orderId] of orderIds.entries()) {
      const statuses = new Set(after[n]?.map(({ status }) => status));
      const left = await db.outboxEvent.count({
        where: { name: 'shipment.dispatched', aggregateId: { in: after[n]?.map(({ id }) => id) ?? [] } },
      });
      const calledOff = answers[n]?.some((answer) => 'shipments' in answer && answer.userErrors.length === 0);
      expect({ orderId, statuses, left: left > 0 }).toEqual({
        orderId,
        statuses: new Set([calledOff ? 'CANCELLED' : 'DISPATCHED']),
        left: !calledOff,
      });
    }
  });

  test('of many orders are read with one statement', async () => {
    await db.$executeRaw`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`;
    // Of this database alone: other tests count, too.
    await db.$executeRaw`
      SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)`;
    await shipmentsOf('order_1', 'order_2', 'order_3', 'order_4', 'order_5');
    const rows = await db.$queryRaw<{ calls: bigint }[]>`
      SELECT calls FROM pg_stat_statements WHERE query LIKE '%FROM shipment s%' AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    expect(rows.map(({ calls }) => Number(calls))).toEqual([1]);
  });
});

test('staff read the zones, in pages', async () => {
  const query =
    'query($after: String) { shippingZones(first: 10, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { name countries rates { service price { amount } freeFrom(currency: "EUR") { amount } } } } }';
  interface Page {
    shippingZones: {
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
      nodes: { name: string; rates: object[] }[];
    };
  }
  const first = await askData<Page>(shipping, query, {}, staff('orders:read'));
  const second = await askData<Page>(
    shipping,
    query,
    { after: first.shippingZones.pageInfo.endCursor },
    staff('orders:read'),
  );
  const names = [...first.shippingZones.nodes, ...second.shippingZones.nodes].map(({ name }) => name);
  expect(new Set(names).size).toBe(first.shippingZones.totalCount);
  expect(second.shippingZones.pageInfo.hasNextPage).toBe(false);
  expect(first.shippingZones.nodes[0]?.rates[0]).toMatchObject({
    price: { amount: expect.stringMatching(/^\d+\.\d\d$/) },
  });
});

test('events and answers past their time are removed', async () => {
  await db.$executeRaw`WITH told AS (
    INSERT INTO outbox_event (id, name, aggregate_id, version, payload, published_at)
    VALUES ('event_past', 'thing.made', 'thing_1', 1, '{}', now() - interval '31 days')
  ), heard AS (
    INSERT INTO inbox_event VALUES ('event_past', now() - interval '91 days')
  ) INSERT INTO idempotency_record VALUES ('past', 'past', 'hash', 'true', now() - interval '31 days')`;
  const left = () => db.$queryRaw<
    object[]
  >`SELECT id FROM outbox_event WHERE id = 'event_past' UNION ALL SELECT event_id FROM inbox_event WHERE event_id = 'event_past'
    UNION ALL SELECT key FROM idempotency_record WHERE scope = 'past'`;
  await dependencies.queues.add(dropOldRows('shipping'), {});
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
});
