import { orderPlaced } from '@mercato/checkout/events';
import { productUpdated } from '@mercato/products/events';
import { httpTransport, type SubgraphAnswers } from '@mercato/subgraph-client';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import {
  askData,
  deliver,
  nextData,
  service,
  signerOf,
  subscribe,
  type TestDependencies,
  testDependencies,
} from '@mercato/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectDatabase } from '../src/domain/database.ts';
import { createSubgraph } from '../src/subgraph.ts';

let dependencies: TestDependencies;
let cart: Subgraph;
let worker: SubgraphWorker;
let version = 1;

beforeAll(async () => {
  dependencies = await testDependencies('cart');
  cart = await createSubgraph(dependencies);
  worker = await cart.startWorker();
  await priceMug('900');
  await vi.waitFor(async () => expect(await aCart()).toMatchObject({ totalQuantity: 1 }), { timeout: 10_000 });
});
afterAll(async () => {
  await worker.stop();
  await cart.close();
  await dependencies.close();
});

interface Cart {
  id: string;
  totalQuantity: number;
  cost: { total: { amount: string } };
  lines: { unitPrice: { amount: string }; previousUnitPrice: { amount: string } | null }[];
}
interface Created {
  cartCreate: { cart: Cart };
}
const fields = 'id totalQuantity cost { total { amount } } lines { unitPrice { amount } previousUnitPrice { amount } }';
const create = `mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { ${fields} } } }`;
const updates = `subscription($id: ID!) { cartUpdated(id: $id) { ${fields} } }`;

const aCart = async (quantity = 1): Promise<Cart> => {
  const input = { currency: 'USD', lines: [{ sku: 'MUG', quantity }] };
  return (await askData<Created>(cart, create, { input })).cartCreate.cart;
};
const add = (cartId: string, quantity: number) =>
  askData(cart, 'mutation($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { cart { id } } }', {
    input: { cartId, lines: [{ sku: 'MUG', quantity }] },
  });
const next = async (answers: SubgraphAnswers) => (await nextData<{ cartUpdated: Cart | null }>(answers)).cartUpdated;

/** The catalog's price of the mug, in cents. */
const priceMug = (amount: string) => {
  version += 1;
  return deliver(dependencies.queues, 'cart', productUpdated, {
    aggregateId: 'product_mug',
    version,
    payload: {
      productId: 'product_mug',
      handle: 'mug',
      title: 'Mug',
      status: 'ACTIVE',
      variants: [
        {
          variantId: 'variant_mug',
          sku: 'MUG',
          title: 'Mug',
          prices: [{ amount, currency: 'USD' }],
          compareAtPrices: [],
          weightInGrams: 100,
          taxClass: 'standard',
        },
      ],
    },
  });
};

const sql = async (statement: string, ...values: string[]) => {
  const db = connectDatabase(dependencies.databaseUrl);
  try {
    return await db.$queryRawUnsafe<Record<string, unknown>[]>(statement, ...values);
  } finally {
    await db.$disconnect();
  }
};

test('a cart is sent as it is, and again when its lines and the prices of the catalog change', async () => {
  const { id } = await aCart(2);
  const answers = await subscribe(cart, updates, { id });
  expect(await next(answers)).toMatchObject({ id, totalQuantity: 2, cost: { total: { amount: '18.00' } } });
  const more = next(answers);
  await add(id, 1);
  expect(await more).toMatchObject({ totalQuantity: 3, cost: { total: { amount: '27.00' } } });
  const dearer = next(answers);
  await priceMug('1000');
  expect(await dearer).toMatchObject({
    totalQuantity: 3,
    cost: { total: { amount: '30.00' } },
    lines: [{ unitPrice: { amount: '10.00' }, previousUnitPrice: { amount: '9.00' } }],
  });
  await answers.return();
});

test('who does not read gets the newest state, once', async () => {
  const { id } = await aCart();
  const answers = await subscribe(cart, updates, { id });
  await next(answers);
  for (let round = 0; round < 20; round += 1) await add(id, 1);
  let seen = 0;
  for (let quantity = 0; quantity !== 21; seen += 1) quantity = (await next(answers))?.totalQuantity ?? 0;
  expect(seen).toBeLessThan(10);
  await answers.return();
});

test('a cart that was ordered is over for whoever follows it', async () => {
  const { id } = await aCart();
  const { _entities } = await askData<{ _entities: { reference: string }[] }>(
    cart,
    'query($r: [_Any!]!) { _entities(representations: $r) { ... on Cart { reference } } }',
    { r: [{ __typename: 'Cart', id }] },
    service('checkout'),
  );
  const reference = _entities[0]?.reference ?? '';
  const answers = await subscribe(cart, updates, { id });
  await next(answers);
  const last = next(answers);
  const address = { name: 'Ada', line1: '1 Main St', city: 'Portland', country: 'US' };
  await deliver(dependencies.queues, 'cart', orderPlaced, {
    aggregateId: 'order_1',
    version: 1,
    payload: {
      orderId: 'order_1',
      number: 'M-1',
      cartId: reference,
      email: 'ada@example.com',
      currency: 'USD',
      shippingAddress: { ...address, line2: null, region: null, postalCode: null, phone: null },
      delivery: { optionId: 'std', carrier: 'post', service: 'standard' },
      lines: [
        {
          lineId: 'line_1',
          sku: 'MUG',
          title: 'Mug',
          quantity: 1,
          unitPrice: '900',
          total: '900',
          weightInGrams: 100,
          allocations: [{ warehouse: 'MAIN', quantity: 1 }],
        },
      ],
      total: '900',
    },
  });
  expect(await last).toBeNull();
  expect((await answers.next()).done).toBe(true);
});

test('a cart that lapses is over when its time comes, with nobody to tell of it', async () => {
  const { id } = await aCart();
  await sql(`UPDATE cart SET expires_at = now() + interval '1500 milliseconds' WHERE secret = $1`, id);
  const answers = await subscribe(cart, updates, { id });
  expect(await next(answers)).toMatchObject({ id });
  expect(await next(answers)).toBeNull();
  expect((await answers.next()).done).toBe(true);
});

test('what is no key to a cart opens none', async () => {
  const answers = await subscribe(cart, updates, { id: 'cart_no_such' });
  expect(await next(answers)).toBeNull();
  expect((await answers.next()).done).toBe(true);
});

test('five hundred carts are followed at once, and each hears of its own change', async () => {
  await sql(`
    WITH made AS (
      INSERT INTO cart (id, secret, currency, expires_at)
      SELECT 'many_' || n, 'secret_' || n, 'USD', now() + interval '1 day' FROM generate_series(1, 500) AS n RETURNING id)
    INSERT INTO cart_line (id, cart_id, sku, quantity, confirmed_unit_price) SELECT id, id, 'MUG', 1, 900 FROM made`);
  const carts = Array.from({ length: 500 }, (_, index) => `secret_${index + 1}`);
  const followed = await Promise.all(
    carts.map(async (id) => ({ id, answers: await subscribe(cart, updates, { id }) })),
  );
  await Promise.all(followed.map(({ answers }) => next(answers)));
  const all = Promise.all(followed.map(async ({ id, answers }) => ({ id, now: await next(answers) })));
  await sql(`UPDATE cart_line SET quantity = 7 WHERE cart_id LIKE 'many_%'`);
  await sql(`UPDATE cart SET version = version + 1 WHERE id LIKE 'many_%'`);
  for (const { id, now } of await all) expect(now).toMatchObject({ id, totalQuantity: 7 });
  await Promise.all(followed.map(({ answers }) => answers.return()));
});

const listening = `SELECT pid FROM pg_stat_activity WHERE application_name = 'live-listener' AND datname = current_database()`;

test('the state after a lost connection is sent, although nobody told of it', async () => {
  const { id } = await aCart();
  const answers = await subscribe(cart, updates, { id });
  await next(answers);
  const [listener] = await sql(listening);
  const later = next(answers);
  await sql(`SELECT pg_terminate_backend(${listener?.pid})`);
  await expect.poll(async () => (await sql(listening)).map(({ pid }) => pid)).not.toContain(listener?.pid);
  await add(id, 4);
  expect(await later).toMatchObject({ totalQuantity: 5 });
  const again = next(answers);
  await add(id, 1);
  expect(await again).toMatchObject({ totalQuantity: 6 });
  await answers.return();
});

test('over HTTP a change made in another process arrives, and a client that goes away leaves nothing behind', async () => {
  const other = await createSubgraph(dependencies);
  const listener = await other.listen({ port: 0, host: '127.0.0.1' });
  const http = httpTransport({ urlOf: () => listener.url });
  const guest = { kind: 'guest', id: null, scopes: [] } as const;
  const authorization = `Bearer ${await signerOf('router').sign('cart', guest)}`;
  const { id } = await aCart();
  const answers = http.subscribe('cart', { query: updates, variables: { id } }, { authorization, timeoutMs: 5_000 });
  expect(await next(answers)).toMatchObject({ totalQuantity: 1 });
  const changed = next(answers);
  await add(id, 1);
  expect(await changed).toMatchObject({ totalQuantity: 2 });
  await answers.return();
  expect((await answers.next()).done).toBe(true);
  await http.close();
  await listener.close();
  await other.close();
});
