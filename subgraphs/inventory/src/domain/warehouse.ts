import type { Warehouse } from '../generated/prisma/client.ts';
import type { InventoryReader } from './database.ts';

export type WarehouseRow = Warehouse;

export const warehousesById = (db: InventoryReader, ids: readonly string[]): Promise<WarehouseRow[]> =>
  db.warehouse.findMany({ where: { id: { in: [...ids] } } });

export const warehousesByCode = (db: InventoryReader, codes: readonly string[]): Promise<WarehouseRow[]> =>
  db.warehouse.findMany({ where: { code: { in: [...codes] } } });

export const findWarehouse = (db: InventoryReader, code: string): Promise<WarehouseRow | null> =>
  db.warehouse.findUnique({ where: { code } });
