import type { StockMovement } from '../generated/prisma/client.ts';
import type { InventoryReader } from './database.ts';

export type StockMovementRow = StockMovement;

export const stockMovementsById = (db: InventoryReader, ids: readonly string[]): Promise<StockMovementRow[]> =>
  db.stockMovement.findMany({ where: { id: { in: [...ids] } } });
