import type { StockCount } from '../../generated/prisma/client.ts';
import type { InventoryReader } from '../database.ts';

export type StockCountRow = StockCount;

export const stockCountsById = (db: InventoryReader, ids: readonly string[]): Promise<StockCountRow[]> =>
  db.stockCount.findMany({ where: { id: { in: [...ids] } } });
