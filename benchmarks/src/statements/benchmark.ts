import { z } from 'zod';
import type { Benchmark } from '../benchmark.ts';
import type { LoadClient } from '../load/client.ts';
import { countGate, type Figure } from '../report/figure.ts';
import { ask } from '../system/ask.ts';
import { type System, startSystem } from '../system/system.ts';
import { countStatements } from './count.ts';
import { operation } from './documents.ts';
import { placeOrder } from './place-order.ts';

const domains = ['products', 'inventory', 'cart', 'checkout', 'shipping'];
const pageSizes = [12, 24, 100];
const repetitions = 5;

/** SQL statements until the client has its answer. */
export const statements: Benchmark = async (run) => {
  const system = await startSystem(run, { name: 'statements', topology: 'processes', seed: true });
  const shopper = await system.client(1);
  try {
    const sku = await aSkuInStock(shopper);
    const lines = [{ sku, quantity: 1 }];
    // What a process does once for its first request is no cost of the next.
    await placeOrder(shopper, lines);
    for (const first of pageSizes) await shopper.send(operation('ProductList', { first }));
    for (const domain of domains) await system.service(`${domain}-worker`).kill('SIGTERM');
    return [...(await listFigures(system, shopper)), ...(await checkoutFigures(system, shopper, lines))];
  } finally {
    await shopper.close();
    await system.stop();
  }
};

async function listFigures(system: System, shopper: LoadClient): Promise<Figure[]> {
  const figures: Figure[] = [];
  const worst: number[] = [];
  for (const first of pageSizes) {
    const counts = await countStatements(system, domains, () => shopper.send(operation('ProductList', { first })));
    const parts = [...counts].filter(([, calls]) => calls > 0);
    const most = Math.max(...parts.map(([, calls]) => calls));
    worst.push(most);
    figures.push({
      name: `ProductList of ${first}: most in one subgraph (${parts.map(([name, calls]) => `${name} ${calls}`).join(', ')})`,
      unit: 'statements',
      values: [most],
      wish: countGate('at most', 3),
    });
  }
  const difference = Math.max(...worst) - Math.min(...worst);
  return [
    ...figures,
    {
      name: 'ProductList: difference by page size',
      unit: 'statements',
      values: [difference],
      wish: countGate('at most', 0),
    },
  ];
}

async function checkoutFigures(
  system: System,
  shopper: LoadClient,
  lines: readonly { sku: string; quantity: number }[],
): Promise<Figure[]> {
  const sums: number[] = [];
  let worst = 0;
  let parts = '';
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const counts = await countStatements(system, domains, () => placeOrder(shopper, lines));
    const sum = [...counts.values()].reduce((all, calls) => all + calls, 0);
    sums.push(sum);
    if (sum > worst) parts = [...counts].map(([name, calls]) => `${name} ${calls}`).join(', ');
    worst = Math.max(worst, sum);
  }
  return [
    {
      name: `cart to order, all subgraphs (${parts})`,
      unit: 'statements',
      values: sums,
      wish: countGate('at most', 40),
    },
  ];
}

const listForm = z.object({
  products: z.object({
    nodes: z.array(z.object({ handle: z.string(), availability: z.object({ status: z.string() }) })),
  }),
});
const pageForm = z.object({
  product: z.object({
    variants: z.array(
      z.object({ sku: z.string(), availability: z.object({ quantityAvailable: z.number().nullable() }) }),
    ),
  }),
});

async function aSkuInStock(shopper: LoadClient): Promise<string> {
  const { products } = await ask(shopper, operation('ProductList', { filter: { inStock: true }, first: 24 }), listForm);
  for (const { handle } of products.nodes) {
    const { product } = await ask(shopper, operation('ProductPage', { handle }), pageForm);
    const enough = product.variants.find(({ availability }) => (availability.quantityAvailable ?? 0) >= 10);
    if (enough) return enough.sku;
  }
  throw new Error('Nothing is in stock ten times.');
}
