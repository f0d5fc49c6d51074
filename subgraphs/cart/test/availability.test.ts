import { createSubgraph as createInventory } from '@mercato/inventory';
import { productUpdated } from '@mercato/products/events';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { askData, deliver, staff, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectDatabase } from '../src/domain/database.ts';
import { createSubgraph } from '../src/subgraph.ts';

// With the real inventory beside it.
let forInventory: TestDependencies;
let forCart: TestDependencies;
let inventory: Subgraph | undefined;
let cart: Subgraph;
let worker: SubgraphWorker;

beforeAll(async () => {
  forInventory = await testDependencies('inventory');
  forCart = await testDependencies('cart', (name) => (name === 'inventory' ? inventory : undefined));
  inventory = await createInventory(forInventory);
  cart = await createSubgraph(forCart);
  worker = await cart.startWorker();
  await inventory.seed();
  await sells('LAST-ONE', 'MANY');
  await receive('LAST-ONE', 3);
  await receive('MANY', 5_000);
});
afterAll(async () => {
  await worker.stop();
  await cart.close();
  await inventory?.close();
  await forCart.close();
  await forInventory.close();
});

async function sells(...skus: string[]): Promise<void> {
  const db = connectDatabase(forCart.databaseUrl);
  const eventId = await deliver(forCart.queues, 'cart', productUpdated, {
    aggregateId: 'product_1',
    version: 1,
    payload: {
      productId: 'product_1',
      handle: 'thing',
      title: 'Thing',
      status: 'ACTIVE',
      variants: skus.map((sku) => ({
        variantId: `variant_${sku}`,
        sku,
        title: sku,
        prices: [{ amount: '100', currency: 'USD' }],
        compareAtPrices: [],
        weightInGrams: null,
        taxClass: null,
      })),
    },
  });
  await vi.waitFor(() => db.inboxEvent.findUniqueOrThrow({ where: { eventId } }), { timeout: 10_000 });
  await db.$disconnect();
}

async function receive(sku: string, quantity: number): Promise<void> {
  if (!inventory) throw new Error('Inventory is away.');
  const query =
    'mutation($input: StockReceiveInput!) { stockReceive(input: $input) { userErrors { ... on UserError { message } } } }';
  const input = { warehouse: 'MAIN', lines: [{ sku, quantity }], idempotencyKey: sku };
  const { stockReceive } = await askData<{ stockReceive: { userErrors: object[] } }>(
    inventory,
    query,
    { input },
    staff('inventory:write'),
  );
  expect(stockReceive.userErrors).toEqual([]);
}

interface Payload {
  cart: { id: string; totalQuantity: number; lines: { id: string }[] } | null;
  userErrors: object[];
}
const errors = 'userErrors { ... on UserError { path } ... on InsufficientStockError { sku requested available } }';
async function create(sku: string, quantity: number): Promise<Payload> {
  const query = `mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id totalQuantity lines { id } } ${errors} } }`;
  const input = { lines: [{ sku, quantity }] };
  return (await askData<{ cartCreate: Payload }>(cart, query, { input })).cartCreate;
}

test('what there is can be put in; more is refused with what there is', async () => {
  expect((await create('LAST-ONE', 3)).userErrors).toEqual([]);
  expect(await create('LAST-ONE', 4)).toEqual({
    cart: null,
    userErrors: [{ path: ['input', 'lines', '0', 'quantity'], sku: 'LAST-ONE', requested: 4, available: 3 }],
  });
});

test('units that the cart holds already count', async () => {
  const { cart: created } = await create('LAST-ONE', 2);
  const add = `mutation($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { cart { id totalQuantity lines { id } } ${errors} } }`;
  const input = { cartId: created?.id, lines: [{ sku: 'LAST-ONE', quantity: 2 }] };
  const { cartLinesAdd } = await askData<{ cartLinesAdd: Payload }>(cart, add, { input });
  expect(cartLinesAdd.userErrors).toMatchObject([{ requested: 4, available: 3 }]);

  const update = `mutation($input: CartLinesUpdateInput!) { cartLinesUpdate(input: $input) { cart { id totalQuantity lines { id } } ${errors} } }`;
  const to = async (quantity: number) => {
    const lines = [{ lineId: created?.lines[0]?.id, quantity }];
    return (await askData<{ cartLinesUpdate: Payload }>(cart, update, { input: { cartId: created?.id, lines } }))
      .cartLinesUpdate;
  };
  expect((await to(5)).userErrors).toMatchObject([{ requested: 5, available: 3 }]);
  expect((await to(1)).cart?.totalQuantity).toBe(1);
});

test('a sku that is not sold at all is unknown, not sold out', async () => {
  const { cart: created } = await create('LAST-ONE', 1);
  const add = 'mutation($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { userErrors { __typename } } }';
  const lines = [
    { sku: 'LAST-ONE', quantity: 1 },
    { sku: 'NOPE', quantity: 1 },
  ];
  const { cartLinesAdd } = await askData<{ cartLinesAdd: object }>(cart, add, {
    input: { cartId: created?.id, lines },
  });
  expect(cartLinesAdd).toEqual({ userErrors: [{ __typename: 'UnknownSkuError' }] });
});

test('a stock above what is disclosed is no limit', async () => {
  expect((await create('MANY', 999)).userErrors).toEqual([]);
});

test('a cart goes on without an answer from inventory: the checkout has the last word', async () => {
  const away = inventory;
  inventory = undefined;
  try {
    expect((await create('LAST-ONE', 4)).userErrors).toEqual([]);
  } finally {
    inventory = away;
  }
});
