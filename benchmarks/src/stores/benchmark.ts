import { z } from 'zod';
import type { Benchmark } from '../benchmark.ts';
import { importCatalog, untilStockIsBooked } from '../catalog/import-catalog.ts';
import { generateCatalog } from '../catalog/shopify-csv.ts';
import { countGate } from '../report/figure.ts';
import { loadLevels } from '../stock/levels.ts';
import { reconcile } from '../stock/reconcile.ts';
import { addWarehouses, aWarehouse } from '../stock/warehouses.ts';
import { ask } from '../system/ask.ts';
import { subgraphPort } from '../system/launch-options.ts';
import { startSystem } from '../system/system.ts';
import { reserver } from './reserve.ts';
import { readStores } from './stores.ts';

const answered = z.object({
  variants: z.array(z.object({ sku: z.string(), availability: z.object({ status: z.literal('IN_STOCK') }) })),
});
const query = 'query ($skus: [String!]!) { variants(skus: $skus) { sku availability { status quantityAvailable } } }';

/** A hundred skus at each of a chain's real stores: asking for them, reserving from them, reconciling them. */
export const stores: Benchmark = async (run) => {
  if (!run.sampleData) {
    run.tell('  MERCATO_SAMPLE_DATA is not set: left out');
    return [];
  }
  const catalog = generateCatalog(40);
  const skus = catalog.skus.slice(0, 100);
  const system = await startSystem(run, { name: 'stores', topology: 'processes' });
  const client = await system.client(1);
  const inventory = reserver(system, `http://127.0.0.1:${subgraphPort('inventory')}/graphql`);
  try {
    await addWarehouses(system, [aWarehouse('MAIN')]);
    await importCatalog(system, catalog.csv, 'MAIN');
    await untilStockIsBooked(system, catalog.skus.length);
    const shops = readStores(run.sampleData);
    await addWarehouses(system, shops);
    const levels = await loadLevels(system, skus, () => undefined, 'STORE-%');
    run.tell(`  ${shops.length} stores, ${levels.toLocaleString('en')} levels`);

    const times = run.quick ? 20 : 100;
    const availability = await timesOf(times, async () => {
      const { variants } = await ask(client, { query, variables: { skus } }, answered);
      if (variants.length !== skus.length) throw new Error(`Only ${variants.length} skus were known.`);
    });
    const reserving = await timesOf(times, (index) =>
      inventory.reserve([0, 1, 2].map((offset) => skus[(index * 3 + offset) % skus.length] ?? '')),
    );
    const { seconds, summary } = await reconcile(system);
    return [
      { name: `availability of 100 skus at ${shops.length} stores`, unit: 'ms', values: availability },
      { name: 'reserving three skus', unit: 'ms', values: reserving },
      { name: `reconciling ${levels.toLocaleString('en')} levels`, unit: 'levels/s', values: [levels / seconds] },
      { name: 'levels found wrong, of none', unit: '', values: [summary.recomputed], wish: countGate('at most', 0) },
    ];
  } finally {
    await Promise.all([client.close(), inventory.close()]);
    await system.stop();
  }
};

/** Milliseconds of each call; the first ones, which warm up, are left out. */
async function timesOf(count: number, call: (index: number) => Promise<void>): Promise<number[]> {
  const warmUp = 10;
  const taken: number[] = [];
  for (let index = 0; index < count + warmUp; index += 1) {
    const started = performance.now();
    await call(index);
    if (index >= warmUp) taken.push(performance.now() - started);
  }
  return taken;
}
