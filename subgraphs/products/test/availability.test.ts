import { newId } from '@mercato/ids';
import { availabilityChanged } from '@mercato/inventory/events';
import { deliveryTo } from '@mercato/outbox';
import { dropOldRows } from '@mercato/retention';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aProduct, openShop, type Shop } from './support/shop.ts';

let shop: Shop;
let worker: { stop(): Promise<void> };
beforeAll(async () => {
  shop = await openShop();
  worker = await shop.subgraph.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await shop.close();
});

/** As inventory's relay would bring it. */
async function hear(sku: string, inStock: boolean, version: number, id: string = newId('event')) {
  const payload = { skus: [{ sku, productId: null, inStock, version }] };
  const event = {
    id,
    name: availabilityChanged.name,
    aggregateId: sku,
    version,
    occurredAt: new Date().toISOString(),
    requestId: null,
    payload,
  };
  await shop.queues.add(deliveryTo('products'), event, {
    id: `${id}-${version}-${Math.random().toString(36).slice(2)}`,
  });
}
const heard = (sku: string) =>
  expect.poll(async () => (await shop.sql('SELECT in_stock, version FROM stock_flag WHERE sku = $1', [sku]))[0], {
    timeout: 20_000,
  });
const inStock = async () =>
  (
    await shop.data<{ products: { nodes: { handle: string }[] } }>(
      '{ products(filter: { inStock: true }) { nodes { handle } } }',
    )
  ).products.nodes.map(({ handle }) => handle);

test('a product is in stock while one of its variants is, and its own time does not move', async () => {
  const price = { amount: '1.00', currency: 'USD' };
  const { id } = await aProduct(shop, {
    handle: 'mug',
    title: 'Mug',
    options: [{ name: 'Size', values: ['S', 'L'] }],
    variants: ['S', 'L'].map((value) => ({ sku: `MUG-${value}`, price, selectedOptions: [{ name: 'Size', value }] })),
  });
  const before = await shop.sql('SELECT version, updated_at FROM product WHERE id = $1', [id]);
  await hear('MUG-S', true, 1);
  await heard('MUG-S').toEqual({ in_stock: true, version: 1 });
  expect(await inStock()).toEqual(['mug']);

  await hear('MUG-L', true, 1);
  await heard('MUG-L').toMatchObject({ in_stock: true });
  await hear('MUG-S', false, 3);
  await heard('MUG-S').toEqual({ in_stock: false, version: 3 });
  expect(await inStock()).toEqual(['mug']);

  await hear('MUG-L', false, 2);
  await heard('MUG-L').toEqual({ in_stock: false, version: 2 });
  expect(await inStock()).toEqual([]);
  expect(await shop.sql('SELECT version, updated_at FROM product WHERE id = $1', [id])).toEqual(before);
});

test('an older word than is known is passed over', async () => {
  await hear('MUG-S', true, 2, 'event_late');
  await expect
    .poll(async () => shop.sql("SELECT 1 FROM inbox_event WHERE event_id = 'event_late'"), { timeout: 20_000 })
    .toHaveLength(1);
  await heard('MUG-S').toEqual({ in_stock: false, version: 3 });
});

test('a word on a sku that is not known yet holds for it later', async () => {
  await hear('LATER', true, 1);
  await heard('LATER').toMatchObject({ in_stock: true });
  await aProduct(shop, {
    handle: 'later',
    title: 'Later',
    variants: [{ sku: 'LATER', price: { amount: '1.00', currency: 'USD' } }],
  });
  expect(await inStock()).toEqual(['later']);
});

test('events and answers past their time are removed', async () => {
  await shop.sql(`WITH told AS (
    INSERT INTO outbox_event (id, name, aggregate_id, version, payload, published_at)
    VALUES ('event_past', 'thing.made', 'thing_1', 1, '{}', now() - interval '31 days')
  ), heard AS (
    INSERT INTO inbox_event VALUES ('event_past', now() - interval '91 days')
  ) INSERT INTO idempotency_record VALUES ('past', 'past', 'hash', 'true', now() - interval '31 days')`);
  const left = `SELECT id FROM outbox_event WHERE id = 'event_past' UNION ALL SELECT event_id FROM inbox_event WHERE event_id = 'event_past'
    UNION ALL SELECT key FROM idempotency_record WHERE scope = 'past'`;
  await shop.queues.add(dropOldRows('products'), {});
  await expect.poll(() => shop.sql(left), { timeout: 20_000 }).toEqual([]);
});
