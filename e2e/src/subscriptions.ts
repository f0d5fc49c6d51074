import { describe, expect, test } from 'vitest';
import { type Followed, followEvents, followOverWebSocket } from './follow.ts';
import { anOrder, dispatchOrder } from './orders.ts';
import { aCart, aProduct, type Cart, type Order } from './shop.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

const ways = [
  ['a WebSocket', followOverWebSocket],
  ['server-sent events', followEvents],
] as const;

interface Availability {
  availabilityChanged: { sku: string; availability: { status: string; quantityAvailable: number | null } };
}
interface OrderUpdate {
  orderUpdated: Order;
}
interface CartUpdate {
  cartUpdated: Cart | null;
}

/** What shoppers see change while they look. */
export function describeSubscriptions(shop: () => SupergraphUnderTest): void {
  describe('a shop that is watched', () => {
    test.each(ways)('an order is told when its parcel leaves, over %s', (_way, follow) => parcelLeaves(shop(), follow));
    test.each(ways)('availability is told when something is sold, over %s', (_way, follow) => sold(shop(), follow));
    test.each(ways)('a cart is told when a line is added, over %s', (_way, follow) => lineAdded(shop(), follow));
  });
}

type Follow = <Data>(url: string, operationName: string, variables: Record<string, unknown>) => Followed<Data>;

async function parcelLeaves(shop: SupergraphUnderTest, follow: Follow): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const order = await anOrder(shop, sku, 1);
  const { id, accessToken } = order;
  const followed = follow<OrderUpdate>(shop.url, 'OrderUpdates', { id, accessToken });
  const first = await followed.until(() => true);
  expect(first.orderUpdated).toMatchObject({ id, status: 'PLACED', lines: [{ sku }] });
  // Titles and pictures come from another subgraph, parcels from a third.
  expect(first.orderUpdated.lines[0]?.variant?.product.handle).toBe(`kettle-${sku.toLowerCase()}`);
  const shipped = followed.until(({ orderUpdated }) => orderUpdated.status === 'SHIPPED');
  await dispatchOrder(shop, order);
  expect((await shipped).orderUpdated.shipments).toMatchObject([{ trackingNumber: '1Z999AA10123456784' }]);
  await followed.stop();
}

async function sold(shop: SupergraphUnderTest, follow: Follow): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 3 });
  const followed = follow<Availability>(shop.url, 'AvailabilityChanges', { skus: [sku] });
  const left = async (quantity: number) =>
    (await followed.until(({ availabilityChanged }) => availabilityChanged.availability.quantityAvailable === quantity))
      .availabilityChanged;
  expect(await left(3)).toMatchObject({ sku });
  const changed = left(0);
  await anOrder(shop, sku, 3);
  expect((await changed).availability.status).toBe('OUT_OF_STOCK');
  await followed.stop();
}

async function lineAdded(shop: SupergraphUnderTest, follow: Follow): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 5 });
  const { sku: other } = await aProduct(shop, { onHand: 5 });
  const cart = await aCart(shop.guest, sku);
  const followed = follow<CartUpdate>(shop.url, 'CartUpdates', { id: cart.id });
  expect((await followed.until(() => true)).cartUpdated).toMatchObject({ id: cart.id, lines: [{ sku }] });
  const added = followed.until(({ cartUpdated }) => cartUpdated?.lines.length === 2);
  await shop.guest.ask('CartLinesAdd', { input: { cartId: cart.id, lines: [{ sku: other, quantity: 1 }] } });
  expect((await added).cartUpdated?.lines.map((line) => line.sku)).toEqual([sku, other]);
  await followed.stop();
}

/** A follower whose subgraph is killed and comes back is told what it missed. */
export async function subgraphKilled(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 9 });
  const followed = followOverWebSocket<Availability>(shop.url, 'AvailabilityChanges', { skus: [sku] });
  await followed.until(() => true);
  const inventory = shop.service('inventory');
  await inventory.kill('SIGKILL');
  await shop.sql('inventory', 'UPDATE stock_level SET on_hand = 4 WHERE sku = $1', [sku]);
  await inventory.start();
  const { availabilityChanged } = await followed.until(
    (data) => data.availabilityChanged.availability.quantityAvailable === 4,
  );
  expect(availabilityChanged.sku).toBe(sku);
  await followed.stop();
}

/** A follower whose router is replaced comes back to the next one by itself. */
export async function routerReplaced(shop: SupergraphUnderTest): Promise<void> {
  const { sku } = await aProduct(shop, { onHand: 9 });
  const followed = followOverWebSocket<Availability>(shop.url, 'AvailabilityChanges', { skus: [sku] });
  await followed.until(() => true);
  const router = shop.service('router');
  await router.kill('SIGTERM');
  await router.start();
  const changed = followed.until((data) => data.availabilityChanged.availability.quantityAvailable === 7);
  await anOrder(shop, sku, 2);
  expect((await changed).availabilityChanged.sku).toBe(sku);
  await followed.stop();
}
