import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark } from '../benchmark.ts';
import { importCatalog, untilStockIsBooked } from '../catalog/import-catalog.ts';
import { generateCatalog } from '../catalog/shopify-csv.ts';
import { countGate, type Figure } from '../report/figure.ts';
import { addWarehouses, aWarehouse } from '../stock/warehouses.ts';
import { type System, startSystem } from '../system/system.ts';

/** Rows a second of a Shopify CSV, from a staff member's request to the end of the import. */
export const importing: Benchmark = async (run) => {
  const catalog = generateCatalog(run.quick ? 800 : 8_000);
  const system = await startSystem(run, { name: 'import', topology: 'processes' });
  try {
    await addWarehouses(system, [aWarehouse('MAIN')]);
    run.tell(`  importing ${catalog.rows} rows of ${catalog.products} products`);
    const first = await importCatalog(system, catalog.csv, 'MAIN');
    if (first.created !== catalog.products || first.rejected > 0) throw new Error(`Imported ${JSON.stringify(first)}`);
    const started = performance.now();
    await untilStockIsBooked(system, catalog.skus.length);
    const lag = (performance.now() - started) / 1000;
    run.tell('  the same file again');
    const again = await importCatalog(system, catalog.csv, 'MAIN');
    return [
      {
        name: `${catalog.rows.toLocaleString('en')} rows, new`,
        unit: 'rows/s',
        values: [catalog.rows / first.seconds],
      },
      { name: 'the same file again', unit: 'rows/s', values: [catalog.rows / again.seconds] },
      {
        name: 'products the second time changed',
        unit: '',
        values: [again.created + again.updated],
        wish: countGate('at most', 0),
      },
      { name: 'opening stock booked in inventory after', unit: 's', values: [lag] },
      ...(await realFiles(system, run.sampleData, run.tell)),
    ];
  } finally {
    await system.stop();
  }
};

async function realFiles(system: System, folder: string | undefined, tell: (line: string) => void): Promise<Figure[]> {
  if (!folder) {
    tell('  MERCATO_SAMPLE_DATA is not set: real files are left out');
    return [];
  }
  const figures: Figure[] = [];
  for (const file of ['shopify-apparel.csv', 'shopify-home-and-garden.csv']) {
    const { seconds, created, rejected } = await importCatalog(system, readFileSync(join(folder, file)), 'MAIN');
    figures.push({ name: `${file}: ${created} products, ${rejected} rows refused`, unit: 's', values: [seconds] });
  }
  return figures;
}
