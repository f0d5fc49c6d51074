import type { StockLevel } from '../generated/prisma/client.ts';
import type { InventoryReader } from './database.ts';

export type StockLevelRow = StockLevel;

/** Units that can still be promised; below zero when fewer are on the shelf than are promised. */
export const availableOf = ({
  onHand,
  reserved,
  safetyStock,
}: Pick<StockLevel, 'onHand' | 'reserved' | 'safetyStock'>) => onHand - reserved - safetyStock;

export const stockLevelsById = (db: InventoryReader, ids: readonly string[]): Promise<StockLevelRow[]> =>
  db.stockLevel.findMany({ where: { id: { in: [...ids] } } });
