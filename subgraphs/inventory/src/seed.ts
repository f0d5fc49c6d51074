import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { loadOpeningStock } from './domain/bulk/load-levels.ts';
import { loadWarehouses, warehouseSchema } from './domain/bulk/load-warehouses.ts';
import type { InventoryDatabase } from './domain/database.ts';

const folder = new URL('../seed/', import.meta.url);
const read = async <T extends z.ZodType>(file: string, schema: T): Promise<z.output<T>> =>
  schema.parse(JSON.parse(await readFile(new URL(file, folder), 'utf8')));

const stockSchema = z.object({
  sku: z.string(),
  warehouse: z.string(),
  onHand: z.number().int().min(0),
  reorderPoint: z.number().int().min(0).nullish(),
  safetyStock: z.number().int().min(0).nullish(),
});

/** Puts the example shop's warehouses and opening stock in; what is there already stays as it is. */
export async function seedInventory(db: InventoryDatabase): Promise<void> {
  const warehouses = await loadWarehouses(db, await read('warehouses.json', z.array(warehouseSchema)));
  const stock = await read('stock.json', z.array(stockSchema));
  await loadOpeningStock(
    db,
    stock.map(({ warehouse, ...level }) => {
      const warehouseId = warehouses.get(warehouse);
      if (!warehouseId) throw new Error(`stock.json names the warehouse ${warehouse}, which warehouses.json lacks.`);
      return { ...level, warehouseId };
    }),
    'opening',
  );
}
