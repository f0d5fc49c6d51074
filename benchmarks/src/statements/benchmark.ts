import type { Benchmark } from '../benchmark.ts';
import type { LoadClient } from '../load/client.ts';
import { countGate, type Figure } from '../report/figure.ts';
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
    const sku = await aSkuInStock(system);
    const lines = [{ sku, quantity: 1 }];
    // What a process does once for its first request is no cost of the next.
    await placeOrder(shopper, lines);
    for (const first of pageSizes) await shopper.send(operation('ProductList', { first }));
    for (const domain of domains) await system.service(`${domain}-worker`).kill('SIGTERM');
    return [
      ...(await listFigures(system, shopper)),
      await checkoutFigure('cart to order', { system, shopper, lines, before: async () => undefined }),
      await checkoutFigure('cart to order, stock runs low', {
        system,
        shopper,
        lines,
        before: () => setReorderPoint(system, sku),
      }),
    ];
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

/** So that the next order takes the stock down to it. */
async function setReorderPoint(system: System, sku: string): Promise<void> {
  await system.sql(
    'inventory',
    'UPDATE stock_level SET reorder_point = greatest(on_hand - reserved - safety_stock - 1, 0) WHERE sku = $1',
    [sku],
  );
}

interface CheckoutCase {
  readonly system: System;
  readonly shopper: LoadClient;
  readonly lines: readonly { sku: string; quantity: number }[];
  /** Not counted. */
  readonly before: () => Promise<void>;
}

async function checkoutFigure(name: string, { system, shopper, lines, before }: CheckoutCase): Promise<Figure> {
  const sums: number[] = [];
  let worst = 0;
  let parts = '';
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    await before();
    const counts = await countStatements(system, domains, () => placeOrder(shopper, lines));
    const sum = [...counts.values()].reduce((all, calls) => all + calls, 0);
    sums.push(sum);
    if (sum > worst) parts = [...counts].map(([name, calls]) => `${name} ${calls}`).join(', ');
    worst = Math.max(worst, sum);
  }
  return { name: `${name} (${parts})`, unit: 'statements', values: sums, wish: countGate('at most', 40) };
}

/** With enough of it where US addresses are served from. */
async function aSkuInStock(system: System): Promise<string> {
  const [row] = await system.sql<{ sku: string }>(
    'inventory',
    `SELECT l.sku FROM stock_level l JOIN warehouse w ON w.id = l.warehouse_id AND w.code = 'MAIN'
     JOIN catalog_variant USING (sku)
     WHERE l.on_hand - l.reserved - l.safety_stock > $1 + coalesce(l.reorder_point, 0) ORDER BY l.sku LIMIT 1`,
    [3 * repetitions],
  );
  if (!row) throw new Error('Nothing is in stock often enough.');
  return row.sku;
}
