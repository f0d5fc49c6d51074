import { randomUUID } from 'node:crypto';
import { defineJob } from '@mercato/queue';
import { dropOldRows } from '@mercato/retention';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { askData, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSubgraph } from '../src/subgraph.ts';
import { aKey, confirm, levelOf, levelsOf, manager, release, reserve, sql, staffCall, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph({ ...dependencies, holdSweepMs: 3_600_000, reconciliationEveryMs: 3_600_000 });
  worker = await inventory.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

let n = 0;
let sku = '';
let orderId = '';
beforeEach(async () => {
  n += 1;
  sku = `SKU-${n}`;
  orderId = `order-${n}`;
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST'],
    stock: { [sku]: { MAIN: 10, EAST: 4 }, [`${sku}-B`]: { MAIN: 6 } },
  });
});

const delivery = defineJob({ queue: 'inventory', name: 'event', payload: z.looseObject({}) });

/** Delivers an event as a relay does, and waits until it is applied. */
async function hear(name: string, payload: object, { id = randomUUID(), version = 1 } = {}): Promise<void> {
  const jobId = `${id}-${randomUUID()}`;
  await dependencies.queues.add(
    delivery,
    { id, name, aggregateId: 'x', version, occurredAt: new Date().toISOString(), requestId: null, payload },
    { id: jobId },
  );
  await expect
    .poll(async () => (await dependencies.queues.find('inventory', jobId))?.state, { timeout: 10_000 })
    .toBe('completed');
}

const dispatch = (shipmentId: string, lines: { sku: string; quantity: number }[], more: object = {}) =>
  hear('shipment.dispatched', {
    shipmentId,
    orderId,
    warehouse: 'MAIN',
    carrier: 'UPS',
    trackingNumber: '1Z',
    lines,
    dispatchedAt: new Date().toISOString(),
    ...more,
  });
const reservationStatus = async () =>
  (await sql<{ status: string }>(dependencies, 'SELECT status FROM reservation WHERE order_id = $1', [orderId]))[0]
    ?.status;

describe('a shipment', () => {
  const lines = () => [
    { sku, quantity: 3 },
    { sku: `${sku}-B`, quantity: 2 },
  ];
  beforeEach(async () => {
    await reserve(inventory, { orderId, lines: lines() });
    await confirm(inventory, orderId);
  });

  test('is booked as a sale: on hand and reserved fall, and the reservation is fulfilled', async () => {
    await dispatch(`s-${n}`, lines());
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 7, reserved: 0, available: 7 });
    expect(await levelOf(inventory, `${sku}-B`)).toMatchObject({ onHand: 4, reserved: 0, available: 4 });
    expect(await reservationStatus()).toBe('FULFILLED');
    expect(
      await sql(
        dependencies,
        `SELECT quantity, reference, actor FROM stock_movement WHERE sku = $1 AND type = 'SALE'`,
        [sku],
      ),
    ).toEqual([{ quantity: -3, reference: orderId, actor: 'service:shipping' }]);
  });

  test('is booked once, however often and under whatever event it is told of', async () => {
    const id = randomUUID();
    const payload = {
      shipmentId: `s-${n}`,
      orderId,
      warehouse: 'MAIN',
      lines: lines(),
      dispatchedAt: new Date().toISOString(),
    };
    await Promise.all(Array.from({ length: 5 }, () => hear('shipment.dispatched', payload, { id })));
    await hear('shipment.dispatched', payload);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 7, reserved: 0 });
  });

  test('in parts fulfils in parts', async () => {
    await dispatch(`s-${n}-1`, [{ sku, quantity: 2 }]);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 8, reserved: 1, available: 7 });
    expect(await reservationStatus()).toBe('CONFIRMED');
    await dispatch(`s-${n}-2`, [
      { sku, quantity: 1 },
      { sku: `${sku}-B`, quantity: 2 },
    ]);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 7, reserved: 0 });
    expect(await reservationStatus()).toBe('FULFILLED');
  });

  test('from another warehouse than reserved leaves nothing reserved behind', async () => {
    await dispatch(`s-${n}`, [{ sku, quantity: 3 }], { warehouse: 'EAST' });
    expect(
      (await levelsOf(inventory, sku)).map(({ warehouse, onHand, reserved }) => [warehouse.code, onHand, reserved]),
    ).toEqual(
      expect.arrayContaining([
        ['MAIN', 10, 0],
        ['EAST', 1, 0],
      ]),
    );
  });

  test('cannot be released afterwards, and cancelling what is left gives only that back', async () => {
    await dispatch(`s-${n}`, [{ sku, quantity: 2 }]);
    await hear('order.cancelled', { orderId, reason: 'changed mind' });
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 8, reserved: 0 });
    expect(await levelOf(inventory, `${sku}-B`)).toMatchObject({ onHand: 6, reserved: 0 });
  });

  test('of everything refuses a release', async () => {
    await dispatch(`s-${n}`, lines());
    expect((await release(inventory, orderId)).userErrors).toMatchObject([{ __typename: 'InvalidInputError' }]);
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 7, reserved: 0 });
  });
});

test('goods that left without a reservation are booked all the same', async () => {
  await dispatch(`s-${n}`, [{ sku, quantity: 11 }]);
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: -1, reserved: 0 });
});

test('a cancelled order gives its stock back, and is not reserved late', async () => {
  await hear('order.cancelled', { orderId, reason: null });
  expect((await reserve(inventory, { orderId, lines: [{ sku, quantity: 1 }] })).userErrors).toMatchObject([
    { __typename: 'ReservationReleasedError' },
  ]);
});

describe('opening stock', () => {
  const imported = (lines: { sku: string; quantity: number }[]) =>
    hear('openingStock.imported', { warehouse: 'MAIN', reference: 'import-1', lines });

  test('is booked where a sku has no ledger yet, once', async () => {
    const fresh = `${sku}-FRESH`;
    await imported([
      { sku: fresh, quantity: 12 },
      { sku, quantity: 99 },
    ]);
    await imported([{ sku: fresh, quantity: 30 }]);
    expect(await levelOf(inventory, fresh)).toMatchObject({ onHand: 12 });
    expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 10 });
  });
});

describe('the copy of the catalog', () => {
  const product = (productId: string, skus: string[], version: number) =>
    hear(
      version === 1 ? 'product.created' : 'product.updated',
      {
        productId,
        handle: productId,
        title: `Product ${version}`,
        status: 'ACTIVE',
        variants: skus.map((each) => ({
          variantId: `variant-${each}`,
          sku: each,
          title: each,
          prices: [],
          weightInGrams: null,
          taxClass: 'x',
        })),
      },
      { version },
    );
  const availability = async (representations: object[]) => {
    const { _entities } = await askData<{ _entities: unknown[] }>(
      inventory,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Product { availability { status quantityAvailable } }
        ... on ProductVariant { availability { status quantityAvailable } } } }`,
      { representations },
    );
    return _entities;
  };

  test('tells which skus a product has, and ignores what is older than it knows', async () => {
    const id = `product-${n}`;
    await product(id, [sku, `${sku}-B`], 1);
    const ask = () => availability([{ __typename: 'Product', id }]);
    expect(await ask()).toEqual([{ availability: { status: 'IN_STOCK', quantityAvailable: 20 } }]);
    await product(id, [`${sku}-B`], 3);
    expect(await ask()).toEqual([{ availability: { status: 'IN_STOCK', quantityAvailable: 6 } }]);
    await product(id, [sku], 2);
    expect(await ask()).toEqual([{ availability: { status: 'IN_STOCK', quantityAvailable: 6 } }]);
    expect(await availability([{ __typename: 'Product', id: 'product-unknown' }])).toEqual([{ availability: null }]);
  });

  test('leads from a level to its variant', async () => {
    await product(`product-${n}`, [sku], 1);
    const { stockLevels } = await askData<{ stockLevels: { nodes: unknown[] } }>(
      inventory,
      'query ($skus: [String!]) { stockLevels(filter: { skus: $skus, warehouse: "MAIN" }) { nodes { sku variant { sku } } } }',
      { skus: [sku, `${sku}-B`] },
      manager,
    );
    expect(stockLevels.nodes).toEqual([
      { sku, variant: { sku } },
      { sku: `${sku}-B`, variant: null },
    ]);
  });

  test('names the product of a sku that can no longer be bought, or can again; only then', async () => {
    await product(`product-${n}`, [sku], 1);
    const told = () =>
      sql<{ payload: { skus: { inStock: boolean; productId: string; version: number }[] } }>(
        dependencies,
        `SELECT payload FROM outbox_event WHERE name = 'availability.changed' AND aggregate_id = $1 AND payload->'skus'->0->>'productId' IS NOT NULL ORDER BY version`,
        [sku],
      );
    await reserve(inventory, { orderId, lines: [{ sku, quantity: 5 }] });
    expect(await told()).toEqual([]);
    await reserve(inventory, { orderId: `${orderId}-rest`, lines: [{ sku, quantity: 9 }] });
    await staffCall(inventory, 'stockReceive', 'StockReceiveInput', 'stockLevels { sku }', {
      warehouse: 'EAST',
      lines: [{ sku, quantity: 1 }],
      idempotencyKey: aKey(),
    });
    const events = (await told()).flatMap(({ payload }) => payload.skus);
    expect(events).toMatchObject([
      { inStock: false, productId: `product-${n}` },
      { inStock: true, productId: `product-${n}` },
    ]);
    expect(events[1]?.version).toBeGreaterThan(events[0]?.version ?? 0);
  });
});

test('running low is told once, when the reorder point is crossed', async () => {
  await sql(dependencies, `UPDATE stock_level SET reorder_point = 4 WHERE sku = $1`, [`${sku}-B`]);
  for (const step of [1, 1, 1]) {
    await reserve(inventory, { orderId: `${orderId}-${randomUUID()}`, lines: [{ sku: `${sku}-B`, quantity: step }] });
  }
  expect(
    await sql(dependencies, `SELECT payload FROM outbox_event WHERE name = 'stock.ranLow' AND aggregate_id = $1`, [
      `${sku}-B`,
    ]),
  ).toEqual([{ payload: { warehouse: 'MAIN', sku: `${sku}-B`, available: 4, reorderPoint: 4 } }]);
});

test('events and answers past their time are removed', async () => {
  await sql(
    dependencies,
    `WITH told AS (
    INSERT INTO outbox_event (id, name, aggregate_id, version, payload, published_at)
    VALUES ('event_past', 'thing.made', 'thing_1', 1, '{}', now() - interval '31 days')
  ), heard AS (
    INSERT INTO inbox_event VALUES ('event_past', now() - interval '91 days')
  ) INSERT INTO idempotency_record VALUES ('past', 'past', 'hash', 'true', now() - interval '31 days')`,
  );
  const left = `SELECT id FROM outbox_event WHERE id = 'event_past' UNION ALL SELECT event_id FROM inbox_event WHERE event_id = 'event_past'
    UNION ALL SELECT key FROM idempotency_record WHERE scope = 'past'`;
  await dependencies.queues.add(dropOldRows('inventory'), {});
  await expect.poll(() => sql(dependencies, left), { timeout: 10_000 }).toEqual([]);
});
