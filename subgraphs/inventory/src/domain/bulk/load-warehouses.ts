import { newId } from '@mercato/ids';
import { z } from 'zod';
import type { InventoryDatabase } from '../database.ts';

export const warehouseSchema = z.object({
  code: z.string().min(1),
  name: z.string(),
  address: z
    .object({
      line1: z.string(),
      line2: z.string().nullish(),
      city: z.string(),
      region: z.string().nullish(),
      postalCode: z.string().nullish(),
      country: z.string().length(2),
      phone: z.string().nullish(),
    })
    .nullish(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).nullish(),
  active: z.boolean().default(true),
  priority: z.number().int(),
  servesCountries: z.array(z.string().length(2)).default([]),
});

export type NewWarehouse = z.output<typeof warehouseSchema>;

/** Adds warehouses whose codes are new; the others stay as they are. @returns the ids of all of them, by code */
export async function loadWarehouses(
  db: InventoryDatabase,
  warehouses: readonly NewWarehouse[],
): Promise<ReadonlyMap<string, string>> {
  await db.warehouse.createMany({
    data: warehouses.map(({ address, location, ...warehouse }) => ({
      ...warehouse,
      ...address,
      ...location,
      id: newId('warehouse'),
    })),
    skipDuplicates: true,
  });
  const rows = await db.warehouse.findMany({
    where: { code: { in: warehouses.map(({ code }) => code) } },
    select: { id: true, code: true },
  });
  return new Map(rows.map(({ id, code }) => [code, id]));
}
