import type { InventoryContext } from '../context.ts';
import type { WarehouseRow } from '../domain/warehouse.ts';

/** The warehouse that a row lies in; the database sees to it that there is one. */
export async function warehouseOf(
  { warehouseId }: { warehouseId: string },
  _args: unknown,
  { loaders }: InventoryContext,
): Promise<WarehouseRow> {
  const warehouse = await loaders.warehouseById.load(warehouseId);
  if (!warehouse) throw new Error(`The warehouse ${warehouseId} vanished.`);
  return warehouse;
}
