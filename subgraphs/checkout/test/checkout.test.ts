import { secretId } from '@mercato/ids';
import { dropOldRows } from '@mercato/retention';
import { ask, askData, customer, deliver, service, staff } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { countStatements } from '../../inventory/test/statements.ts';
import { sql } from '../../inventory/test/stock.ts';
import { shipmentDelivered, shipmentDispatched } from '../../shipping/src/events/index.ts';
import { expireCheckoutsJob } from '../src/jobs/definitions.ts';
import {
  aCart,
  aProduct,
  atTheProcessor,
  change,
  checkoutWithout,
  clerk,
  complete,
  done,
  levelOf,
  offersOf,
  onRecord,
  openShop,
  orderFields,
  portland,
  readyCheckout,
  type Shop,
  stock,
  type UserError,
  viewCheckout,
  viewOrder,
} from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ sweepEveryMs: 300, leaseMs: 3_000 });
  await shop.work('cart', 'shipping', 'inventory', 'checkout');
  await stock(shop, { MUG: 1_000, PAN: 100, RARE: 1 });
  for (const sku of ['MUG', 'PAN', 'RARE', 'LAMP']) await aProduct(shop, sku);
});
afterAll(() => shop.close());

const oneMug = [{ sku: 'MUG', quantity: 1 }];
const refusals = ({ userErrors }: { userErrors: UserError[] }) =>
  userErrors.map(({ __typename, path }) => [__typename, path.join('.')]);
const addToCart = (cartId: string, lines: object[]) =>
  askData(shop.subgraph('cart'), 'mutation($i: CartLinesAddInput!) { cartLinesAdd(input: $i) { cart { id } } }', {
    i: { cartId, lines },
  });

describe('a checkout', () => {
  test('is opened from a cart, with frozen lines and prices', async () => {
    const cartId = await aCart(shop, [
      { sku: 'MUG', quantity: 2 },
      { sku: 'PAN', quantity: 1 },
    ]);
    const opened = done(await change(shop, 'checkoutCreate', { cartId, email: ' ada@example.com ' }));
    expect(opened).toMatchObject({
      id: expect.stringMatching(/^checkout_[0-9a-z]{32}$/),
      status: 'OPEN',
      email: 'ada@example.com',
      lines: [
        {
          sku: 'MUG',
          title: 'The MUG – Default',
          quantity: 2,
          unitPrice: { amount: '42.00' },
          variant: { sku: 'MUG' },
        },
        { sku: 'PAN', quantity: 1, total: { amount: '42.00' } },
      ],
      shippingAddress: null,
      selectedDeliveryOption: null,
      cost: {
        subtotal: { amount: '126.00' },
        delivery: null,
        tax: null,
        taxStatus: 'NOT_CALCULATED',
        total: { amount: '126.00' },
      },
      order: null,
    });
    expect(await viewCheckout(shop, opened.id)).toEqual(opened);
    const hours = (Date.parse(opened.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    const row = await shop.db.checkout.findUniqueOrThrow({ where: { secret: opened.id } });
    expect(JSON.stringify(row)).not.toContain(cartId);
  });

  test('is the only one of its cart, however often it is opened, and follows the cart', async () => {
    const cartId = await aCart(shop, oneMug);
    const opened = await Promise.all(
      Array.from({ length: 10 }, () => change(shop, 'checkoutCreate', { cartId, email: 'a@b.co' })),
    );
    const ids = new Set(opened.map((payload) => done(payload).id));
    expect(ids.size).toBe(1);
    await addToCart(cartId, [{ sku: 'PAN' }]);
    const [id = ''] = ids;
    expect((await viewCheckout(shop, id))?.lines).toHaveLength(1);
    const again = done(await change(shop, 'checkoutCreate', { cartId, email: 'new@b.co' }));
    expect(again).toMatchObject({ id, email: 'new@b.co', cost: { total: { amount: '84.00' } } });
    expect(done(await change(shop, 'checkoutCreate', { cartId })).email).toBe('new@b.co');
  });

  test.each<[string, () => Promise<Record<string, unknown>>, unknown[]]>([
    ['an unknown cart', async () => ({ cartId: secretId('cart'), email: 'a@b.co' }), ['NotFoundError', 'input.cartId']],
    ['what is no id of a cart', async () => ({ cartId: 'cart_\u0000' }), ['NotFoundError', 'input.cartId']],
    [
      'an empty cart',
      async () => ({ cartId: await aCart(shop, []), email: 'a@b.co' }),
      ['CartEmptyError', 'input.cartId'],
    ],
    [
      'an e-mail address that is none',
      async () => ({ cartId: await aCart(shop, oneMug), email: 'ada' }),
      ['InvalidInputError', 'input.email'],
    ],
  ])('is not opened from %s', async (_name, input, expected) => {
    const payload = await change(shop, 'checkoutCreate', await input());
    expect(payload.checkout).toBeNull();
    expect(refusals(payload)).toEqual([expected]);
  });

  test('is not opened for what is no longer sold, or no longer there', async () => {
    await stock(shop, { LAMP: 5 });
    const lamp = await aCart(shop, [{ sku: 'LAMP', quantity: 1 }]);
    await aProduct(shop, 'LAMP', { version: 2, onSale: false });
    expect(await change(shop, 'checkoutCreate', { cartId: lamp, email: 'a@b.co' })).toMatchObject({
      checkout: null,
      userErrors: [{ __typename: 'InsufficientStockError', sku: 'LAMP', requested: 1, available: 0 }],
    });
    const rare = await aCart(shop, [{ sku: 'RARE', quantity: 1 }]);
    await sql(shop.dependenciesOf('inventory'), "UPDATE stock_level SET reserved = 1 WHERE sku = 'RARE'");
    const refused = await change(shop, 'checkoutCreate', { cartId: rare, email: 'a@b.co' });
    await sql(shop.dependenciesOf('inventory'), "UPDATE stock_level SET reserved = 0 WHERE sku = 'RARE'");
    expect(refused.userErrors).toMatchObject([{ __typename: 'InsufficientStockError', sku: 'RARE' }]);
  });

  test('is opened while inventory is away, and not while cart is', async () => {
    const cartId = await aCart(shop, oneMug);
    const withoutInventory = await checkoutWithout(shop, ['inventory']);
    done(await change({ ...shop, ...withoutInventory }, 'checkoutCreate', { cartId, email: 'a@b.co' }));
    const withoutCart = await checkoutWithout(shop, ['cart']);
    await expect(change({ ...shop, ...withoutCart }, 'checkoutCreate', { cartId, email: 'a@b.co' })).rejects.toThrow(
      'SUBGRAPH_UNAVAILABLE',
    );
  });
});

describe('address and delivery', () => {
  test('an address is written as its country writes it', async () => {
    const { id } = done(await change(shop, 'checkoutCreate', { cartId: await aCart(shop, oneMug), email: 'a@b.co' }));
    const address = { ...portland, region: 'oregon', phone: '(503) 555-0123' };
    expect(done(await change(shop, 'checkoutShippingAddressUpdate', { checkoutId: id, address }))).toMatchObject({
      shippingAddress: { region: 'OR', postalCode: '97201', phone: '+15035550123', line2: null },
      cost: { tax: { amount: '0.00' } },
    });
  });

  test('all that is wrong with an address is told at once', async () => {
    const { id } = done(await change(shop, 'checkoutCreate', { cartId: await aCart(shop, oneMug), email: 'a@b.co' }));
    const address = { ...portland, name: ' ', region: 'XX', postalCode: 'nope' };
    const payload = await change(shop, 'checkoutShippingAddressUpdate', { checkoutId: id, address });
    expect(refusals(payload)).toEqual(
      ['name', 'region', 'postalCode'].map((field) => ['InvalidInputError', `input.address.${field}`]),
    );
    expect((await viewCheckout(shop, id))?.shippingAddress).toBeNull();
  });

  test('a choice stays with the same destination and goes with another', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const move = async (address: object) =>
      done(await change(shop, 'checkoutShippingAddressUpdate', { checkoutId: ready.id, address }))
        .selectedDeliveryOption;
    expect(await move({ ...portland, name: 'Charles', line1: '2 Main St' })).toEqual(ready.selectedDeliveryOption);
    expect(await move({ ...portland, postalCode: '97202' })).toBeNull();
  });

  test('an offer that was made for another destination, or another checkout, is none', async () => {
    const ready = await readyCheckout(shop, oneMug);
    const near = ready.selectedDeliveryOption?.id ?? '';
    const honolulu = { ...portland, city: 'Honolulu', region: 'HI', postalCode: '96801' };
    done(await change(shop, 'checkoutShippingAddressUpdate', { checkoutId: ready.id, address: honolulu }));
    const choose = (checkoutId: string, deliveryOptionId: string) =>
      change(shop, 'checkoutDeliveryOptionSelect', { checkoutId, deliveryOptionId });
    const none = [['DeliveryOptionUnavailableError', 'input.deliveryOptionId']];
    expect(refusals(await choose(ready.id, near))).toEqual(none);
    expect(refusals(await choose(ready.id, 'delivery_nope'))).toEqual(none);
    const other = await readyCheckout(shop, oneMug);
    expect(refusals(await choose(other.id, (await offersOf(shop, ready.id))[0]?.id ?? ''))).toEqual(none);
    const [far] = await offersOf(shop, ready.id);
    expect(done(await choose(ready.id, far?.id ?? '')).selectedDeliveryOption).toMatchObject({
      price: { amount: '14.00' },
    });
  });

  test('there is none to choose before there is an address', async () => {
    const { id } = done(await change(shop, 'checkoutCreate', { cartId: await aCart(shop, oneMug), email: 'a@b.co' }));
    expect(
      refusals(await change(shop, 'checkoutDeliveryOptionSelect', { checkoutId: id, deliveryOptionId: 'x' })),
    ).toEqual([['DeliveryOptionUnavailableError', 'input.deliveryOptionId']]);
  });

  test('nobody changes a checkout that is unknown, ordered or lapsed', async () => {
    const ordered = await readyCheckout(shop, oneMug);
    const { order } = await complete(shop, ordered);
    const lapsed = await readyCheckout(shop, oneMug);
    await shop.db.checkout.update({ where: { secret: lapsed.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
    const attempts = (checkoutId: string) => [
      change(shop, 'checkoutShippingAddressUpdate', { checkoutId, address: portland }),
      change(shop, 'checkoutDeliveryOptionSelect', { checkoutId, deliveryOptionId: 'x' }),
      complete(shop, { ...ordered, id: checkoutId }),
    ];
    for (const payload of await Promise.all(attempts('checkout_nope'))) {
      expect(refusals(payload)).toEqual([['NotFoundError', 'input.checkoutId']]);
    }
    for (const { userErrors } of await Promise.all(attempts(ordered.id))) {
      expect(userErrors).toMatchObject([
        { __typename: 'CheckoutClosedError', status: 'COMPLETED', order: { id: order?.id } },
      ]);
    }
    for (const { userErrors } of await Promise.all(attempts(lapsed.id))) {
      expect(userErrors).toMatchObject([{ __typename: 'CheckoutClosedError', status: 'EXPIRED', order: null }]);
    }
  });
});

test('a checkout past its time is ended by a job, forgets the shopper, and makes way for another', async () => {
  const ready = await readyCheckout(shop, oneMug);
  await shop.db.checkout.update({ where: { secret: ready.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
  expect(await viewCheckout(shop, ready.id)).toMatchObject({ status: 'EXPIRED' });
  await shop.dependencies.queues.add(expireCheckoutsJob, {});
  await expect
    .poll(() => shop.db.checkout.findUniqueOrThrow({ where: { secret: ready.id } }), { timeout: 15_000 })
    .toMatchObject({ status: 'EXPIRED', email: null, shippingAddress: null });
  const again = done(await change(shop, 'checkoutCreate', { cartId: ready.cartId, email: 'a@b.co' }));
  expect(again.id).not.toBe(ready.id);

  const endedAt = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);
  const told = () => viewCheckout(shop, ready.id);
  for (const days of [29, 31]) {
    await shop.db.checkout.update({ where: { secret: ready.id }, data: { expiresAt: endedAt(days) } });
    await shop.dependencies.queues.add(dropOldRows('checkout'), {}, { id: `drop-${days}` });
    await expect
      .poll(async () => (await shop.dependencies.queues.find('checkout', `drop-${days}`))?.state, { timeout: 15_000 })
      .toBe('completed');
    expect(await told()).toEqual(days === 29 ? expect.objectContaining({ status: 'EXPIRED' }) : null);
  }
  expect(await viewCheckout(shop, again.id)).toMatchObject({ status: 'OPEN' });
});

test('after the order the cart is done, and a second checkout of it is the one that became the order', async () => {
  const ready = await readyCheckout(shop, oneMug);
  const { order } = await complete(shop, ready);
  const again = await change(shop, 'checkoutCreate', { cartId: ready.cartId, email: 'a@b.co' });
  if (again.checkout)
    expect(again.checkout).toMatchObject({ id: ready.id, status: 'COMPLETED', order: { id: order?.id } });
  await expect
    .poll(async () => refusals(await change(shop, 'checkoutCreate', { cartId: ready.cartId })), { timeout: 15_000 })
    .toEqual([['NotFoundError', 'input.cartId']]);
});

describe('who sees an order', () => {
  const query = `query($id: ID!, $accessToken: String) { order(id: $id, accessToken: $accessToken) { id } }`;

  test('staff with the scope, services, and who holds its token; nobody else', async () => {
    const [mine, other] = await Promise.all([1, 2].map(async () => complete(shop, await readyCheckout(shop, oneMug))));
    const id = mine?.order?.id;
    const seen = { order: { id } };
    const matrix: [Parameters<typeof ask>[3], string | null | undefined, object][] = [
      [clerk, null, seen],
      [service('shipping'), null, seen],
      [undefined, mine?.accessToken, seen],
      [customer('customer_1'), mine?.accessToken, seen],
      [undefined, null, { order: null }],
      [undefined, '', { order: null }],
      [undefined, other?.accessToken, { order: null }],
      [undefined, `${mine?.accessToken}x`, { order: null }],
      [customer('customer_1'), null, { order: null }],
      [staff('catalog:read'), null, { order: null }],
      [{ kind: 'partner', id: 'p', scopes: ['inventory:count'] }, null, { order: null }],
    ];
    for (const [viewer, accessToken, expected] of matrix) {
      expect((await ask(shop.checkout, query, { id, accessToken }, viewer)).data).toEqual(expected);
    }
  });

  test('its timeline is for staff only', async () => {
    const { order, accessToken } = await complete(shop, await readyCheckout(shop, oneMug));
    const withTimeline = query.replace('{ id }', '{ id timeline { kind } }');
    const guest = await ask(shop.checkout, withTimeline, { id: order?.id, accessToken });
    expect(guest.data).toEqual({ order: { id: order?.id, timeline: null } });
    expect((await viewOrder(shop, order?.id ?? '')).timeline.length).toBeGreaterThan(2);
  });

  test('as references: staff and services, in one statement for all', async () => {
    const placed = await Promise.all([1, 2, 3].map(async () => complete(shop, await readyCheckout(shop, oneMug))));
    const of = placed.map(({ order }) => ({ __typename: 'Order', id: order?.id }));
    const references = `query($of: [_Any!]!) { _entities(representations: $of) { ... on Order { id status } } }`;
    const asked = await countStatements(shop.dependencies, () => ask(shop.checkout, references, { of }, clerk));
    expect(asked.result.data?._entities).toEqual(of.map(({ id }) => ({ id, status: 'PLACED' })));
    expect(asked.statements.filter((statement) => statement.includes('customer_order.number'))).toHaveLength(1);
    expect((await ask(shop.checkout, references, { of })).data?._entities).toEqual([null, null, null]);
  });
});

describe('the list of orders', () => {
  interface Page {
    orders: {
      totalCount: number;
      nodes: { id: string; number: string; status: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    } | null;
  }
  const list = (variables: object, viewer = clerk) =>
    askData<Page>(
      shop.checkout,
      `query($filter: OrderFilter, $first: Int, $after: String) { orders(filter: $filter, first: $first, after: $after) {
        totalCount nodes { ${orderFields} } pageInfo { hasNextPage endCursor } } }`,
      { ...variables },
      viewer,
    );

  test('is paged, newest first, in as many statements whatever its size', async () => {
    for (let n = 0; n < 3; n += 1) await complete(shop, await readyCheckout(shop, oneMug));
    const all = (await list({ first: 100 })).orders;
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = await list({ first: 2, after }); ; page = await list({ first: 2, after })) {
      seen.push(...(page.orders?.nodes.map(({ id }) => id) ?? []));
      if (!page.orders?.pageInfo.hasNextPage) break;
      after = page.orders.pageInfo.endCursor;
    }
    expect(seen).toEqual(all?.nodes.map(({ id }) => id));
    expect(seen).toEqual([...seen].sort().reverse());
    expect(all?.totalCount).toBe(seen.length);
  });

  test('is filtered', async () => {
    const { order } = await complete(shop, await readyCheckout(shop, oneMug));
    const failed = await complete(shop, await readyCheckout(shop, oneMug), { token: 'tok_declined' });
    expect(failed.order).toBeNull();
    const ids = async (filter: object) => (await list({ filter })).orders?.nodes.map(({ id }) => id) ?? [];
    expect(await ids({ number: ` ${order?.number.toLowerCase()} ` })).toEqual([order?.id]);
    expect(await ids({ email: 'ADA@example.com', statuses: ['PLACED'] })).toContain(order?.id);
    expect(await ids({ email: 'nobody@example.com' })).toEqual([]);
    expect(await ids({ placedAfter: order?.placedAt })).toContain(order?.id);
    expect(await ids({ placedBefore: order?.placedAt })).not.toContain(order?.id);
    expect(await ids({ statuses: ['FAILED'] })).not.toContain(order?.id);
    expect((await ids({ statuses: ['FAILED'] })).length).toBeGreaterThan(0);
    expect((await ask(shop.checkout, '{ orders { totalCount } }')).errors?.[0]?.extensions?.code).toBe(
      'UNAUTHENTICATED',
    );
  });
});

describe('parcels', () => {
  const anOrder = async (lines: { sku: string; quantity: number }[]) => {
    const { order } = await complete(shop, await readyCheckout(shop, lines));
    if (!order) throw new Error('The order was refused.');
    return order;
  };
  const dispatch = (orderId: string, shipmentId: string, lines: { sku: string; quantity: number }[], id?: string) =>
    deliver(shop.dependencies.queues, 'checkout', shipmentDispatched, {
      aggregateId: shipmentId,
      version: 1,
      ...(id ? { id } : {}),
      payload: {
        shipmentId,
        orderId,
        warehouse: 'MAIN',
        carrier: 'UPS',
        trackingNumber: '1Z9',
        lines,
        dispatchedAt: new Date().toISOString(),
      },
    });
  const arrive = (orderId: string, shipmentId: string) =>
    deliver(shop.dependencies.queues, 'checkout', shipmentDelivered, {
      aggregateId: shipmentId,
      version: 2,
      payload: { shipmentId, orderId, at: new Date().toISOString() },
    });
  const status = (id: string) => expect.poll(async () => (await viewOrder(shop, id)).status, { timeout: 15_000 });

  test('an order goes with its parcels, and its money is taken once, with the first', async () => {
    const { id } = await anOrder([
      { sku: 'MUG', quantity: 2 },
      { sku: 'PAN', quantity: 1 },
    ]);
    await dispatch(id, `${id}_1`, [{ sku: 'MUG', quantity: 2 }]);
    await status(id).toBe('PARTIALLY_SHIPPED');
    await expect.poll(() => onRecord(shop, id), { timeout: 15_000 }).toMatchObject([{ status: 'captured' }]);
    await expect
      .poll(async () => (await viewOrder(shop, id)).payments, { timeout: 15_000 })
      .toMatchObject([{ status: 'CAPTURED' }]);
    await dispatch(id, `${id}_1`, [{ sku: 'MUG', quantity: 2 }]);
    await dispatch(id, `${id}_2`, [{ sku: 'PAN', quantity: 1 }]);
    await status(id).toBe('SHIPPED');
    await arrive(id, `${id}_1`);
    await arrive(id, `${id}_2`);
    await status(id).toBe('DELIVERED');
    const { timeline } = await viewOrder(shop, id);
    const count = (kind: string) => timeline.filter((entry) => entry.kind === kind).length;
    expect([count('SHIPPED'), count('DELIVERED'), count('PAYMENT_CAPTURED')]).toEqual([2, 2, 1]);
  });

  test('money that the provider refuses to give is a note for staff, once, and is asked for again later', async () => {
    const { id } = await anOrder(oneMug);
    const [authorization] = await onRecord(shop, id);
    await atTheProcessor(shop, `${authorization?.id}/void`);
    await dispatch(id, `${id}_1`, oneMug);
    const refusals = async () =>
      (await viewOrder(shop, id)).timeline.filter(({ message }) => message.includes('refuses to give the money'));
    await expect.poll(refusals, { timeout: 15_000 }).toHaveLength(1);
    const [payment] = await shop.db.payment.findMany({ where: { orderId: id } });
    expect(payment?.captureDueAt?.getTime()).toBeGreaterThan(Date.now() + 60_000);
    const { queues } = shop.dependencies;
    const failedAt = async () =>
      (await queues.failed('checkout')).find((job) => job.id === `capture-${payment?.id}`)?.failedAt.getTime() ?? 0;
    await expect.poll(failedAt, { timeout: 15_000 }).toBeGreaterThan(0);
    const first = await failedAt();
    expect(await queues.retryFailed('checkout', [`capture-${payment?.id}`])).toBe(1);
    await expect.poll(failedAt, { timeout: 15_000 }).toBeGreaterThan(first);
    expect(await refusals()).toHaveLength(1);
  });

  test('an arrival that is heard of before the departure counts when that comes', async () => {
    const { id } = await anOrder(oneMug);
    const event = await arrive(id, `${id}_1`);
    await vi.waitFor(() => shop.db.inboxEvent.findUniqueOrThrow({ where: { eventId: event } }), { timeout: 15_000 });
    expect((await viewOrder(shop, id)).status).toBe('PLACED');
    await dispatch(id, `${id}_1`, oneMug);
    await status(id).toBe('DELIVERED');
  });

  test('the journey from order to parcel runs over the real services', async () => {
    const { id } = await anOrder(oneMug);
    const shipments = async () => {
      const { _entities } = await askData<{ _entities: { shipments: { id: string }[] }[] }>(
        shop.subgraph('shipping'),
        'query($of: [_Any!]!) { _entities(representations: $of) { ... on Order { shipments { id } } } }',
        { of: [{ __typename: 'Order', id }] },
        clerk,
      );
      return _entities[0]?.shipments ?? [];
    };
    await expect.poll(shipments, { timeout: 15_000 }).toHaveLength(1);
    const [shipment] = await shipments();
    const onHand = (await levelOf(shop, 'MUG')).onHand;
    await askData(
      shop.subgraph('shipping'),
      'mutation($i: ShipmentDispatchInput!) { shipmentDispatch(input: $i) { userErrors { __typename } } }',
      { i: { shipmentId: shipment?.id, carrier: 'UPS', trackingNumber: `1Z${id.slice(-6)}` } },
      clerk,
    );
    await status(id).toBe('SHIPPED');
    await expect.poll(async () => (await levelOf(shop, 'MUG')).onHand, { timeout: 15_000 }).toBe(onHand - 1);
  });
});
