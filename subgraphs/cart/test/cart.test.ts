import { randomUUID } from 'node:crypto';
import { orderPlaced } from '@mercato/checkout/events';
import { productUpdated } from '@mercato/products/events';
import { dropOldRows } from '@mercato/retention';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { ask, askData, deliver, service, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDatabase } from '../src/domain/database.ts';
import { createSubgraph } from '../src/subgraph.ts';

let dependencies: TestDependencies;
let cart: Subgraph;
let worker: SubgraphWorker;

beforeAll(async () => {
  dependencies = await testDependencies('cart');
  cart = await createSubgraph(dependencies);
  worker = await cart.startWorker();
  await aProduct('mug', 1, { 'MUG-S': '900', 'MUG-L': '1250' });
  await aProduct('board', 1, { BOARD: '4200' });
});
afterAll(async () => {
  await worker.stop();
  await cart.close();
  await dependencies.close();
});

const fields = `id currency totalQuantity
  lines { id sku title quantity unitPrice { amount currency } previousUnitPrice { amount } subtotal { amount } total { amount } variant { sku } discounts { title } }
  discountCodes { code applied reason } cost { subtotal { amount currency } discount { amount } total { amount } }`;
const errors = 'userErrors { ... on UserError { __typename message path } }';

interface Line {
  id: string;
  sku: string;
  title: string;
  quantity: number;
  unitPrice: { amount: string };
  previousUnitPrice: { amount: string } | null;
}
interface Cart {
  id: string;
  currency: string;
  totalQuantity: number;
  lines: Line[];
  discountCodes: object[];
  cost: object;
}
interface Payload {
  cart: Cart | null;
  userErrors: { __typename: string; message: string; path: string[] }[];
}

/** Runs a mutation and gives its payload. */
async function change(field: string, input: Record<string, unknown>): Promise<Payload> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${field}(input: $input) { cart { ${fields} } ${errors} } }`;
  return (await askData<Record<string, Payload>>(cart, query, { input }))[field] as Payload;
}
async function aCart(
  lines: { sku: string; quantity: number }[] = [],
  more: Record<string, unknown> = {},
): Promise<Cart> {
  const { cart: created, userErrors } = await change('cartCreate', { lines, ...more });
  expect(userErrors).toEqual([]);
  return created as Cart;
}
const view = async (id: string) =>
  (await askData<{ cart: Cart | null }>(cart, `query($id: ID!) { cart(id: $id) { ${fields} } }`, { id })).cart;
const tooManyLines = Array.from({ length: 101 }, (_, n) => ({ sku: `X-${n}` }));
const refusals = ({ userErrors }: Payload) => userErrors.map(({ __typename, path }) => [__typename, path.join('.')]);

async function aProduct(
  handle: string,
  version: number,
  prices: Record<string, string>,
  status: 'ACTIVE' | 'ARCHIVED' = 'ACTIVE',
) {
  const db = connectDatabase(dependencies.databaseUrl);
  const id = await deliver(dependencies.queues, 'cart', productUpdated, {
    aggregateId: `product_${handle}`,
    version,
    payload: {
      productId: `product_${handle}`,
      handle,
      title: `The ${handle}`,
      status,
      variants: Object.entries(prices).map(([sku, amount]) => ({
        variantId: `variant_${sku}`,
        sku,
        title: sku,
        prices: [
          { amount, currency: 'USD' },
          { amount: `${Number(amount) - 100}`, currency: 'EUR' },
        ],
        compareAtPrices: [],
        weightInGrams: 350,
        taxClass: 'standard',
      })),
    },
  });
  await vi.waitFor(async () => db.inboxEvent.findUniqueOrThrow({ where: { eventId: id } }), { timeout: 10_000 });
  await db.$disconnect();
}

describe('a cart', () => {
  test('is created with lines, priced from the copy of the catalog', async () => {
    const created = await aCart([
      { sku: 'MUG-S', quantity: 2 },
      { sku: 'BOARD', quantity: 1 },
      { sku: 'MUG-S', quantity: 1 },
    ]);
    expect(created).toMatchObject({
      id: expect.stringMatching(/^cart_.{22,}$/),
      currency: 'USD',
      totalQuantity: 4,
      cost: {
        subtotal: { amount: '69.00', currency: 'USD' },
        discount: { amount: '0.00' },
        total: { amount: '69.00' },
      },
    });
    expect(created.lines).toMatchObject([
      {
        sku: 'MUG-S',
        title: 'The mug – MUG-S',
        quantity: 3,
        unitPrice: { amount: '9.00' },
        previousUnitPrice: null,
        variant: { sku: 'MUG-S' },
      },
      { sku: 'BOARD', quantity: 1, subtotal: { amount: '42.00' } },
    ]);
    expect(await view(created.id)).toEqual(created);
  });

  test('of another currency has its prices', async () => {
    expect(await aCart([{ sku: 'MUG-S', quantity: 1 }], { currency: 'EUR' })).toMatchObject({
      cost: { total: { amount: '8.00' } },
    });
  });

  test.each<[Record<string, unknown>, string, string]>([
    [{ lines: [{ sku: 'MUG-S' }, { sku: 'NOPE' }] }, 'UnknownSkuError', 'input.lines.1.sku'],
    [{ lines: [{ sku: ' ' }] }, 'InvalidInputError', 'input.lines.0.sku'],
    [{ lines: [{ sku: 'MUG-S', quantity: 0 }] }, 'InvalidInputError', 'input.lines.0.quantity'],
    [{ lines: [{ sku: 'MUG-S', quantity: -1 }] }, 'InvalidInputError', 'input.lines.0.quantity'],
    [{ lines: [{ sku: 'MUG-S', quantity: 1000 }] }, 'CartLimitError', 'input.lines.0.quantity'],
    [{ currency: 'XQX' }, 'InvalidInputError', 'input.currency'],
    [{ currency: 'GBP', lines: [{ sku: 'MUG-S' }] }, 'InvalidInputError', 'input.lines.0.sku'],
    [{ discountCodes: [' '] }, 'InvalidInputError', 'input.discountCodes.0'],
    [{ lines: tooManyLines }, 'CartLimitError', 'input.lines'],
  ])('is not created from wrong input %#', async (input, error, path) => {
    const payload = await change('cartCreate', input);
    expect(payload.cart).toBeNull();
    expect(refusals(payload)).toEqual([[error, path]]);
  });

  test('grows, changes and shrinks', async () => {
    const { id, lines } = await aCart([{ sku: 'MUG-S', quantity: 1 }]);
    const grown = await change('cartLinesAdd', {
      cartId: id,
      lines: [{ sku: 'MUG-S', quantity: 2 }, { sku: 'BOARD' }],
    });
    expect(grown.cart?.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['MUG-S', 3],
      ['BOARD', 1],
    ]);

    const updated = await change('cartLinesUpdate', {
      cartId: id,
      lines: [
        { lineId: lines[0]?.id, quantity: 0 },
        { lineId: grown.cart?.lines[1]?.id, quantity: 5 },
      ],
    });
    expect(updated.cart?.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([['BOARD', 5]]);

    const lineIds = updated.cart?.lines.map((line) => line.id);
    const emptied = await change('cartLinesRemove', { cartId: id, lineIds });
    expect(emptied.cart).toMatchObject({ totalQuantity: 0, lines: [], cost: { total: { amount: '0.00' } } });
    expect((await change('cartLinesRemove', { cartId: id, lineIds })).userErrors).toEqual([]);
  });

  test('refuses changes that name what it does not hold, and keeps what it has', async () => {
    const { id } = await aCart([{ sku: 'MUG-S', quantity: 998 }]);
    expect(refusals(await change('cartLinesAdd', { cartId: id, lines: [{ sku: 'MUG-S', quantity: 2 }] }))).toEqual([
      ['CartLimitError', 'input.lines.0.quantity'],
    ]);
    expect(
      refusals(await change('cartLinesUpdate', { cartId: id, lines: [{ lineId: 'cartline_x', quantity: 1 }] })),
    ).toEqual([['NotFoundError', 'input.lines.0.lineId']]);
    expect(refusals(await change('cartLinesAdd', { cartId: 'cart_nope', lines: [{ sku: 'MUG-S' }] }))).toEqual([
      ['NotFoundError', 'input.cartId'],
    ]);
    expect(refusals(await change('cartLinesAdd', { cartId: id, lines: [{ sku: 'BOARD' }, { sku: 'NOPE' }] }))).toEqual([
      ['UnknownSkuError', 'input.lines.1.sku'],
    ]);
    expect((await view(id))?.lines).toMatchObject([{ sku: 'MUG-S', quantity: 998 }]);
  });

  test('cannot be touched through the line ids of another', async () => {
    const mine = await aCart([{ sku: 'MUG-S', quantity: 1 }]);
    const other = await aCart([{ sku: 'MUG-S', quantity: 1 }]);
    await change('cartLinesRemove', { cartId: mine.id, lineIds: other.lines.map(({ id }) => id) });
    expect((await view(other.id))?.totalQuantity).toBe(1);
  });

  test('keeps every discount code with the reason why it takes nothing off', async () => {
    const { id } = await aCart([{ sku: 'MUG-S', quantity: 1 }]);
    const { cart: coded } = await change('cartDiscountCodesUpdate', {
      cartId: id,
      codes: ['WELCOME10', ' welcome10 ', 'X'],
    });
    expect(coded?.discountCodes).toEqual([
      { code: 'WELCOME10', applied: false, reason: 'UNKNOWN' },
      { code: 'X', applied: false, reason: 'UNKNOWN' },
    ]);
    expect((await change('cartDiscountCodesUpdate', { cartId: id, codes: [] })).cart?.discountCodes).toEqual([]);
  });

  test('is made, and grows, once for an idempotency key', async () => {
    const input = { lines: [{ sku: 'MUG-S', quantity: 1 }], idempotencyKey: randomUUID() };
    const created = await Promise.all(Array.from({ length: 8 }, () => change('cartCreate', input)));
    expect(new Set(created.map((payload) => payload.cart?.id)).size).toBe(1);
    expect(refusals(await change('cartCreate', { ...input, lines: [] }))).toEqual([
      ['IdempotencyKeyReusedError', 'input.idempotencyKey'],
    ]);

    const cartId = created[0]?.cart?.id;
    const add = { cartId, lines: [{ sku: 'BOARD', quantity: 2 }], idempotencyKey: 'add-1' };
    await Promise.all(Array.from({ length: 8 }, () => change('cartLinesAdd', add)));
    expect((await view(cartId ?? ''))?.totalQuantity).toBe(3);
  });

  test('is given to a guest who repeats a key that nobody else comes up with', async () => {
    for (const idempotencyKey of ['1', 'cart-create-1', 'x'.repeat(256), `${randomUUID()}\0`]) {
      expect(refusals(await change('cartCreate', { idempotencyKey }))).toEqual([
        ['InvalidInputError', 'input.idempotencyKey'],
      ]);
    }
  });

  test('that was ordered is not made again by its key, and says so', async () => {
    const input = { lines: [{ sku: 'MUG-S', quantity: 1 }], idempotencyKey: randomUUID() };
    const { cart: first } = await change('cartCreate', input);
    const db = connectDatabase(dependencies.databaseUrl);
    await db.cart.update({ where: { secret: first?.id ?? '' }, data: { status: 'ORDERED' } });
    await db.$disconnect();
    expect(refusals(await change('cartCreate', input))).toEqual([['InvalidInputError', 'input.idempotencyKey']]);
  });

  test('is not changed by a call that names nothing', async () => {
    const { id } = await aCart([{ sku: 'MUG-S', quantity: 1 }]);
    const version = async () =>
      (
        await askData<{ cart: { version: number } }>(
          cart,
          'query($id: ID!) { cart(id: $id) { version } }',
          { id },
          service('checkout'),
        )
      ).cart.version;
    const before = await version();
    for (const field of ['cartLinesAdd', 'cartLinesUpdate']) {
      expect(refusals(await change(field, { cartId: id, lines: [] }))).toEqual([['InvalidInputError', 'input.lines']]);
    }
    expect(await version()).toBe(before);
  });

  test.each([
    ['a NUL in a sku', 'cartLinesAdd', { lines: [{ sku: 'A\0B' }] }, 'input.lines.0.sku'],
    ['an endless sku', 'cartLinesAdd', { lines: [{ sku: 'A'.repeat(256) }] }, 'input.lines.0.sku'],
    ['a NUL in a key', 'cartLinesAdd', { lines: [{ sku: 'A' }], idempotencyKey: 'a\0' }, 'input.idempotencyKey'],
    ['a NUL in a code', 'cartDiscountCodesUpdate', { codes: ['A\0B'] }, 'input.codes.0'],
  ])('refuses %s', async (_what, field, input, path) => {
    const { id } = await aCart();
    expect(refusals(await change(field, { cartId: id, ...input }))).toEqual([['InvalidInputError', path]]);
  });

  test('holds what twenty clicks put in', async () => {
    const { id } = await aCart();
    await Promise.all(
      Array.from({ length: 20 }, () => change('cartLinesAdd', { cartId: id, lines: [{ sku: 'MUG-S' }] })),
    );
    expect((await view(id))?.totalQuantity).toBe(20);
  });
});

describe('when the catalog changes', () => {
  test('a new price is charged, and flagged until the shopper touches the line', async () => {
    await aProduct('vase', 1, { VASE: '3000' });
    const { id, lines } = await aCart([{ sku: 'VASE', quantity: 1 }]);
    await aProduct('vase', 2, { VASE: '3500' });
    expect((await view(id))?.lines).toMatchObject([
      { unitPrice: { amount: '35.00' }, previousUnitPrice: { amount: '30.00' } },
    ]);
    await change('cartLinesUpdate', { cartId: id, lines: [{ lineId: lines[0]?.id, quantity: 2 }] });
    expect((await view(id))?.lines).toMatchObject([{ unitPrice: { amount: '35.00' }, previousUnitPrice: null }]);
  });

  test('an older snapshot that comes late changes nothing', async () => {
    await aProduct('bowl', 5, { BOWL: '500' });
    await aProduct('bowl', 4, { BOWL: '400' });
    expect(await aCart([{ sku: 'BOWL', quantity: 1 }])).toMatchObject({ cost: { total: { amount: '5.00' } } });
  });

  test('a sku that moved to another product stays there, when an older word of its first one comes late', async () => {
    await aProduct('settled', 2, { 'SETTLED-Y': '300' });
    await aProduct('new-home', 1, { 'SETTLED-X': '500' });
    await aProduct('settled', 1, { 'SETTLED-X': '100', 'SETTLED-Y': '200' });
    const { lines } = await aCart([
      { sku: 'SETTLED-X', quantity: 1 },
      { sku: 'SETTLED-Y', quantity: 1 },
    ]);
    expect(lines.map(({ title, unitPrice }) => [title, unitPrice.amount])).toEqual([
      ['The new-home – SETTLED-X', '5.00'],
      ['The settled – SETTLED-Y', '3.00'],
    ]);
  });

  test('a sku that moved to another product is sold as that one, whatever their versions', async () => {
    await aProduct('old-set', 50, { MOVED: '900' });
    await aProduct('old-set', 51, { 'OLD-REST': '100' });
    await aProduct('new-set', 1, { MOVED: '1100' });
    await aProduct('old-set', 52, { 'OLD-REST': '100' });
    expect(await aCart([{ sku: 'MOVED', quantity: 1 }])).toMatchObject({ cost: { total: { amount: '11.00' } } });
  });

  test('what is no longer sold can be seen but not put in', async () => {
    await aProduct('lamp', 1, { 'LAMP-A': '100', 'LAMP-B': '100' });
    const { id } = await aCart([{ sku: 'LAMP-B', quantity: 1 }]);
    await aProduct('lamp', 2, { 'LAMP-A': '100' });
    expect((await view(id))?.lines).toMatchObject([{ sku: 'LAMP-B', unitPrice: { amount: '1.00' } }]);
    expect(refusals(await change('cartCreate', { lines: [{ sku: 'LAMP-B' }] }))).toEqual([
      ['UnknownSkuError', 'input.lines.0.sku'],
    ]);
    const lineId = (await view(id))?.lines[0]?.id;
    const to = async (quantity: number) =>
      refusals(await change('cartLinesUpdate', { cartId: id, lines: [{ lineId, quantity }] }));
    expect(await to(2)).toEqual([['InvalidInputError', 'input.lines.0.quantity']]);
    expect(await to(1)).toEqual([]);
    expect(await to(0)).toEqual([]);
    await aProduct('lamp', 3, { 'LAMP-A': '100' }, 'ARCHIVED');
    expect(refusals(await change('cartCreate', { lines: [{ sku: 'LAMP-A' }] }))).toEqual([
      ['UnknownSkuError', 'input.lines.0.sku'],
    ]);
  });
});

describe('services', () => {
  const byReference =
    'query($r: ID!) { cartByReference(reference: $r) { version lines { sellable weightInGrams taxClass } } }';
  const referenceOf = async (id: string) =>
    (
      await askData<{ cart: { reference: string } }>(
        cart,
        'query($id: ID!) { cart(id: $id) { reference version } }',
        { id },
        service('checkout'),
      )
    ).cart.reference;

  test('checkout finds a cart by its reference, with what shipping and tax need', async () => {
    const reference = await referenceOf((await aCart([{ sku: 'MUG-S', quantity: 1 }])).id);
    expect(await askData(cart, byReference, { r: reference }, service('checkout'))).toEqual({
      cartByReference: { version: 1, lines: [{ sellable: true, weightInGrams: 350, taxClass: 'standard' }] },
    });
  });

  test('nobody else does, and nobody else learns the reference', async () => {
    const { id } = await aCart();
    const reference = await referenceOf(id);
    for (const viewer of [undefined, service('shipping')]) {
      expect((await ask(cart, byReference, { r: reference }, viewer)).data).toEqual({ cartByReference: null });
      expect((await ask(cart, 'query($id: ID!) { cart(id: $id) { reference } }', { id }, viewer)).data).toEqual({
        cart: null,
      });
    }
    expect(await view(reference)).toBeNull();
  });

  test('an order takes what was ordered out of its cart; what came later stays', async () => {
    const done = await aCart([{ sku: 'MUG-S', quantity: 2 }]);
    const grown = await aCart([
      { sku: 'MUG-S', quantity: 2 },
      { sku: 'BOARD', quantity: 1 },
    ]);
    for (const { id } of [done, grown]) await anOrder(await referenceOf(id), [{ sku: 'MUG-S', quantity: 2 }]);
    await expect.poll(() => view(done.id), { timeout: 10_000 }).toBeNull();
    await expect
      .poll(async () => (await view(grown.id))?.lines, { timeout: 10_000 })
      .toMatchObject([{ sku: 'BOARD', quantity: 1 }]);
  });

  async function anOrder(cartId: string, lines: { sku: string; quantity: number }[]) {
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
    await deliver(dependencies.queues, 'cart', orderPlaced, {
      aggregateId: 'order_1',
      version: 1,
      payload: {
        orderId: 'order_1',
        number: 'M-10001',
        cartId,
        email: 'ada@example.com',
        currency: 'USD',
        total: '1800',
        shippingAddress: address,
        delivery: { optionId: 'delivery_1', carrier: 'Post', service: 'Standard' },
        lines: lines.map((line) => ({
          ...line,
          lineId: 'l',
          title: line.sku,
          unitPrice: '900',
          total: '1800',
          weightInGrams: null,
          allocations: [],
        })),
      },
    });
  }
});

test('carts past their time are gone at once, and thrown away by a job', async () => {
  const { id } = await aCart([{ sku: 'MUG-S', quantity: 1 }]);
  const db = connectDatabase(dependencies.databaseUrl);
  await db.cart.update({ where: { secret: id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
  expect(await view(id)).toBeNull();
  const { expireCarts } = await import('../src/domain/expire-carts.ts');
  expect(await expireCarts(db)).toBe(1);
  expect(await db.cart.findUnique({ where: { secret: id } })).toBeNull();
  await db.$disconnect();
});

test('events and answers past their time are removed', async () => {
  const db = connectDatabase(dependencies.databaseUrl);
  await db.$executeRaw`WITH heard AS (INSERT INTO inbox_event VALUES ('event_past', now() - interval '91 days'))
    INSERT INTO idempotency_record VALUES ('past', 'past', 'hash', 'true', now() - interval '31 days')`;
  const left = async () =>
    (await db.inboxEvent.count({ where: { eventId: 'event_past' } })) +
    (await db.idempotencyRecord.count({ where: { scope: 'past' } }));
  await dependencies.queues.add(dropOldRows('cart'), {});
  await expect.poll(left, { timeout: 10_000 }).toBe(0);
  await db.$disconnect();
});
