import type { SubgraphAnswers } from '@mercato/subgraph-client';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { deliver, nextData, subscribe, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shipmentDispatched } from '../src/events/heard.ts';
import { createSubgraph } from '../src/subgraph.ts';
import { countStatements } from './statements.ts';
import { aKey, confirm, release, reserve, sql, staffCall, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;
const many = Array.from({ length: 100 }, (_, index) => `MANY-${index}`);

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph(dependencies);
  worker = await inventory.startWorker();
  const stock = ['MUG', 'PAN', 'POT', 'BUSY', 'LOST', 'FEW', ...many].map((sku) => [sku, { MAIN: 50 }]);
  await stockShop(dependencies, { warehouses: ['MAIN', 'EAST'], stock: Object.fromEntries(stock) });
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

interface Variant {
  sku: string;
  availability: { status: string; quantityAvailable: number | null };
}
const changes =
  'subscription($skus: [String!]!) { availabilityChanged(skus: $skus) { sku availability { status quantityAvailable } } }';
const follow = (...skus: string[]) => subscribe(inventory, changes, { skus });
const next = async (answers: SubgraphAnswers) =>
  (await nextData<{ availabilityChanged: Variant }>(answers)).availabilityChanged;

/** Reads on until a sku has so many; what is between is passed over. */
async function until(answers: SubgraphAnswers, sku: string, quantity: number): Promise<Variant> {
  for (;;) {
    const variant = await next(answers);
    if (variant.sku === sku && variant.availability.quantityAvailable === quantity) return variant;
  }
}

async function staffDoes(mutation: string, type: string, input: Record<string, unknown>): Promise<void> {
  const selection = 'userErrors { ... on UserError { message } }';
  const given = { idempotencyKey: aKey(), ...input };
  const { userErrors } = await staffCall<{ userErrors: object[] }>(inventory, mutation, type, selection, given);
  expect(userErrors).toEqual([]);
}
const adjust = (sku: string, delta: number) =>
  staffDoes('stockAdjust', 'StockAdjustInput', { sku, warehouse: 'MAIN', delta, reason: 'CORRECTION' });

test('whatever changes what can be bought is told: reserving, releasing, receiving, adjusting', async () => {
  const answers = await follow('MUG');
  expect(await next(answers)).toEqual({ sku: 'MUG', availability: { status: 'IN_STOCK', quantityAvailable: 50 } });
  const tell = async (quantity: number, work: () => Promise<unknown>) => {
    const told = next(answers);
    await work();
    expect((await told).availability.quantityAvailable).toBe(quantity);
  };
  await tell(40, () => reserve(inventory, { orderId: 'order_1', lines: [{ sku: 'MUG', quantity: 10 }] }));
  await tell(50, () => release(inventory, 'order_1'));
  const received = { warehouse: 'EAST', reference: 'PO-1', lines: [{ sku: 'MUG', quantity: 5 }] };
  await tell(55, () => staffDoes('stockReceive', 'StockReceiveInput', received));
  await tell(5, () => adjust('MUG', -50));
  await answers.return();
});

test('what changes nothing for shoppers is not told: goods that leave as promised, stock that moves', async () => {
  const answers = await follow('PAN', 'POT');
  await next(answers);
  await next(answers);
  await reserve(inventory, { orderId: 'order_2', lines: [{ sku: 'PAN', quantity: 10 }] });
  await confirm(inventory, 'order_2');
  expect(await next(answers)).toMatchObject({ sku: 'PAN', availability: { quantityAvailable: 40 } });
  const told = next(answers);
  await deliver(dependencies.queues, 'inventory', shipmentDispatched, {
    aggregateId: 'shipment_1',
    version: 1,
    payload: {
      shipmentId: 'shipment_1',
      orderId: 'order_2',
      warehouse: 'MAIN',
      lines: [{ sku: 'PAN', quantity: 10 }],
      dispatchedAt: new Date().toISOString(),
    },
  });
  await expect
    .poll(() => sql(dependencies, `SELECT on_hand FROM stock_level WHERE sku = 'PAN'`), { timeout: 10_000 })
    .toEqual([{ on_hand: 40 }]);
  const lines = [{ sku: 'PAN', quantity: 10 }];
  await staffDoes('stockTransfer', 'StockTransferInput', { fromWarehouse: 'MAIN', toWarehouse: 'EAST', lines });
  await adjust('POT', -1);
  // The first that is told is the first that changed.
  expect(await told).toMatchObject({ sku: 'POT', availability: { quantityAvailable: 49 } });
  await answers.return();
});

test('a threshold that moves is told of every sku that it touches, and of no other', async () => {
  const answers = await follow('FEW', 'NO-SUCH');
  const first = [await next(answers), await next(answers)];
  expect(first).toContainEqual({ sku: 'NO-SUCH', availability: { status: 'OUT_OF_STOCK', quantityAvailable: 0 } });
  const told = next(answers);
  await sql(dependencies, 'UPDATE inventory_settings SET low_stock_threshold = 60');
  expect(await told).toEqual({ sku: 'FEW', availability: { status: 'LOW_STOCK', quantityAvailable: 50 } });
  await sql(dependencies, 'UPDATE inventory_settings SET low_stock_threshold = 5');
  expect(await next(answers)).toMatchObject({ sku: 'FEW', availability: { status: 'IN_STOCK' } });
  const stocked = next(answers);
  const received = { warehouse: 'MAIN', reference: 'PO-2', lines: [{ sku: 'NO-SUCH', quantity: 7 }] };
  await staffDoes('stockReceive', 'StockReceiveInput', received);
  expect(await stocked).toEqual({ sku: 'NO-SUCH', availability: { status: 'IN_STOCK', quantityAvailable: 7 } });
  await answers.return();
});

test.each([
  ['none', [], 'empty'],
  ['more than a hundred', Array.from({ length: 101 }, (_, index) => `S-${index}`), 'at most 100'],
  ['an empty one', [''], '`0` is empty'],
  ['one that cannot be stored', ['a\u0000b'], 'NUL'],
])('%s cannot be watched', async (_what, skus, sentence) => {
  const answers = await follow(...skus);
  const { value } = await answers.next();
  expect(value?.errors?.[0]).toMatchObject({
    message: expect.stringContaining(sentence),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect((await answers.next()).done).toBe(true);
});

test('a hundred skus that change at once cost a look of one statement, however many follow', async () => {
  const followers = await Promise.all(Array.from({ length: 10 }, () => follow(...many)));
  const readAll = async (answers: SubgraphAnswers) => {
    const variants: Variant[] = [];
    while (variants.length < many.length) variants.push(await next(answers));
    return variants;
  };
  await Promise.all(followers.map(readAll));
  const { result, statements } = await countStatements(dependencies, async () => {
    const all = Promise.all(followers.map(readAll));
    await sql(dependencies, `UPDATE stock_level SET on_hand = 9 WHERE sku LIKE 'MANY-%'`);
    return all;
  });
  for (const variants of result) {
    expect(new Set(variants.map(({ sku }) => sku)).size).toBe(100);
    expect(variants.every(({ availability }) => availability.quantityAvailable === 9)).toBe(true);
  }
  expect(statements.filter((statement) => statement.includes('inventory_settings'))).toHaveLength(1);
  await Promise.all(followers.map((answers) => answers.return()));
});

test('five hundred follow a sku that sells all the time: each ends at the last state, and those who read slowly skip', async () => {
  const followers = await Promise.all(Array.from({ length: 500 }, () => follow('BUSY')));
  await Promise.all(followers.map(next));
  const [slow, ...quick] = followers;
  const all = Promise.all(quick.map((answers) => until(answers, 'BUSY', 10)));
  for (let sold = 0; sold < 40; sold += 1) await adjust('BUSY', -1);
  await all;
  expect((await next(slow as SubgraphAnswers)).availability.quantityAvailable).toBe(10);
  await Promise.all(followers.map((answers) => answers.return()));
});

test('the state after a lost connection is sent, although nobody told of it', async () => {
  const answers = await follow('LOST');
  await next(answers);
  const listeners = async () =>
    (
      await sql<{ pid: number }>(
        dependencies,
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'live-listener' AND datname = current_database()`,
      )
    ).map(({ pid }) => pid);
  const [pid] = await listeners();
  const later = next(answers);
  await sql(dependencies, 'SELECT pg_terminate_backend($1)', [pid]);
  await expect.poll(listeners).not.toContain(pid);
  await adjust('LOST', -8);
  expect(await later).toMatchObject({ sku: 'LOST', availability: { quantityAvailable: 42 } });
  await answers.return();
});
