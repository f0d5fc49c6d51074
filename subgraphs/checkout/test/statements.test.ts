import { afterAll, beforeAll, expect, test } from 'vitest';
import { countStatements } from '../../inventory/test/statements.ts';
import { aProduct, complete, openShop, readyCheckout, type Shop, stock } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  // Only what the shopper waits for: no relay carries the order on while it is counted.
  await shop.work('cart');
  await stock(shop, { MUG: 100, PAN: 100 });
  for (const sku of ['MUG', 'PAN']) await aProduct(shop, sku);
});
afterAll(() => shop.close());

test('from cart to order takes at most 40 statements over all services, checkout at most 15 of them', async () => {
  const counts: Record<string, string[]> = {};
  const journey = async () => {
    const ready = await readyCheckout(shop, [
      { sku: 'MUG', quantity: 2 },
      { sku: 'PAN', quantity: 1 },
    ]);
    expect((await complete(shop, ready)).order?.status).toBe('PLACED');
  };
  await journey();
  const counted = (['checkout', 'cart', 'inventory', 'shipping'] as const).reduce<() => Promise<unknown>>(
    (work, name) => async () => {
      counts[name] = (await countStatements(shop.dependenciesOf(name), work)).statements;
    },
    journey,
  );
  await counted();
  const own = Object.fromEntries(Object.entries(counts).map(([name, statements]) => [name, statements.length]));
  const told = JSON.stringify({ own, counts }, null, 1);
  expect(own.checkout, told).toBeLessThanOrEqual(15);
  expect(
    Object.values(own).reduce((sum, count) => sum + count, 0),
    told,
  ).toBeLessThanOrEqual(40);
});
