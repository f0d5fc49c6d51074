import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { loadOpeningStock } from './domain/bulk/load-levels.ts';
import { loadWarehouses, type NewWarehouse } from './domain/bulk/load-warehouses.ts';
import { openDatabase } from './domain/database.ts';

const usage = `Loads a chain's stores as warehouses, with stock of the given skus at each. A second load changes nothing.

  node --import tsx subgraphs/inventory/src/load-stores.ts --database <url> --stores <stores.json> \\
    (--sku <sku> … | --skus <file with one sku a line>) [--on-hand <units, 5>] [--priority <first, 1000>]
`;

/** A store as chains publish them; what is not read is ignored. */
const store = z.object({
  id: z.union([z.number(), z.string()]),
  name: z.string(),
  address: z.string(),
  address2: z.string().nullish(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  location: z.object({ lat: z.number(), lon: z.number() }),
});
export type Store = z.output<typeof store>;

/** Stores serve after the shop's own warehouses, in the order of the file, and within the United States. */
export const warehouseOf = (found: Store, priority: number): NewWarehouse => ({
  code: `STORE-${found.id}`,
  name: found.name,
  address: {
    line1: found.address,
    line2: found.address2 || null,
    city: found.city,
    region: found.state,
    postalCode: found.zip,
    country: 'US',
  },
  location: { latitude: found.location.lat, longitude: found.location.lon },
  active: true,
  priority,
  servesCountries: ['US'],
});

export interface LoadStoresOptions {
  readonly databaseUrl: string;
  /** Path of a JSON file with an array of stores. */
  readonly storesFile: string;
  readonly skus: readonly string[];
  readonly onHand: number;
  readonly firstPriority: number;
}

/** @returns how many stores there are, and how many levels are new */
export async function loadStores(options: LoadStoresOptions): Promise<{ stores: number; levels: number }> {
  const stores = z.array(store).parse(JSON.parse(await readFile(options.storesFile, 'utf8')));
  const db = openDatabase(options.databaseUrl);
  try {
    const warehouses = await loadWarehouses(
      db,
      stores.map((each, index) => warehouseOf(each, options.firstPriority + index)),
    );
    let levels = 0;
    // A sku at a time: memory stays that of one sku, whatever the length of the list.
    for (const sku of options.skus) {
      const opening = [...warehouses.values()].map((warehouseId) => ({ sku, warehouseId, onHand: options.onHand }));
      levels += await loadOpeningStock(db, opening, 'opening');
    }
    return { stores: warehouses.size, levels };
  } finally {
    await db.$disconnect();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      database: { type: 'string' },
      stores: { type: 'string' },
      sku: { type: 'string', multiple: true, default: [] },
      skus: { type: 'string' },
      'on-hand': { type: 'string', default: '5' },
      priority: { type: 'string', default: '1000' },
    },
  });
  const listed = values.skus ? (await readFile(values.skus, 'utf8')).split('\n').map((line) => line.trim()) : [];
  const skus = [...values.sku, ...listed].filter(Boolean);
  if (!values.database || !values.stores || skus.length === 0) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const loaded = await loadStores({
    databaseUrl: values.database,
    storesFile: values.stores,
    skus,
    onHand: Number(values['on-hand']),
    firstPriority: Number(values.priority),
  });
  process.stdout.write(`${loaded.stores} stores, ${loaded.levels} new levels\n`);
}

if (import.meta.filename === process.argv[1]) await main();
