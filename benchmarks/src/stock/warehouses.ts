import type { System } from '../system/system.ts';

export interface NewWarehouse {
  readonly code: string;
  readonly name: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** In the United States, each less preferred than the one before. */
export async function addWarehouses(system: System, warehouses: readonly NewWarehouse[]): Promise<void> {
  await system.sql(
    'inventory',
    `INSERT INTO warehouse (id, code, name, city, region, postal_code, country, latitude, longitude, priority, serves_countries)
     SELECT 'warehouse_' || lpad((before + n)::text, 26, '0'), w->>'code', w->>'name', w->>'city', w->>'region', w->>'postalCode',
       'US', (w->>'latitude')::float8, (w->>'longitude')::float8, before + n, '{US}'
     FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS list(w, n),
       (SELECT count(*) AS before FROM warehouse) AS counted`,
    [JSON.stringify(warehouses)],
  );
}

export const aWarehouse = (code: string): NewWarehouse => ({
  code,
  name: `Warehouse ${code}`,
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  latitude: 45.5,
  longitude: -122.7,
});
