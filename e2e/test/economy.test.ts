import { subgraphs } from '@mercato/schema';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { aCart, aCheckout, aProduct, complete, readyToPay } from '../src/shop.ts';
import { countStatements, total } from '../src/statements.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const domains = subgraphs.filter(({ hasDatabase }) => hasDatabase).map(({ name }) => name);
let shop: SupergraphUnderTest;
beforeAll(async () => {
  // What is counted is what an answer costs that nobody has asked for before.
  vi.stubEnv('ENTITY_CACHE', 'off');
  shop = await startSupergraph({ topology: 'processes' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await shop?.stop();
});

/** What is counted ends with the client's answer: the workers, which work by the clock, must not add to it. */
const stopWorkers = () => Promise.all(domains.map((name) => shop.service(`${name}-worker`).kill('SIGTERM')));

test('a checkout, from the cart to the order, takes at most forty statements', async () => {
  const { sku } = await aProduct(shop, { onHand: 10 });
  expect((await complete(shop.guest, await readyToPay(shop.guest, sku))).userErrors).toEqual([]);
  await stopWorkers();
  const counts = await countStatements(shop, domains, async () => {
    const checkout = await aCheckout(shop.guest, await aCart(shop.guest, sku));
    const { order } = await complete(shop.guest, checkout);
    expect(order?.status).toBe('PLACED');
  });
  const sum = Object.values(counts).reduce((all, statements) => all + total(statements), 0);
  expect(sum).toBeGreaterThan(5);
  expect(sum, JSON.stringify(counts, null, 2)).toBeLessThanOrEqual(40);
});

test('a product list takes at most three statements in any one subgraph, however long the page', async () => {
  const list = (first: number) => () =>
    shop.guest.ask('ProductList', { first, sort: 'TITLE', filter: { inStock: true } });
  await stopWorkers();
  await list(50)();
  const short = await countStatements(shop, domains, list(5));
  const long = await countStatements(shop, domains, list(50));
  for (const domain of domains) {
    const statements = long[domain] ?? {};
    expect(total(statements), JSON.stringify(statements, null, 2)).toBeLessThanOrEqual(3);
    expect(total(statements), domain).toBe(total(short[domain] ?? {}));
  }
  expect(total(long.products ?? {})).toBeGreaterThan(0);
});
