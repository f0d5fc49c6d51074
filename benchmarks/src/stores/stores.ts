import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { NewWarehouse } from '../stock/warehouses.ts';

const storesForm = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    city: z.string(),
    state: z.string(),
    zip: z.string(),
    location: z.object({ lat: z.number(), lon: z.number() }),
  }),
);

/** The shops of a real chain, each as a warehouse. */
export function readStores(folder: string): NewWarehouse[] {
  const stores = storesForm.parse(JSON.parse(readFileSync(join(folder, 'stores.json'), 'utf8')));
  return stores.map(({ id, name, city, state, zip, location }) => ({
    code: `STORE-${id}`,
    name,
    city,
    region: state,
    postalCode: zip,
    latitude: location.lat,
    longitude: location.lon,
  }));
}
