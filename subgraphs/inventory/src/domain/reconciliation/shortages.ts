import type { InventoryTransaction } from '../database.ts';
import { levelKey, shortOrders } from '../shortage.ts';
import { supersede } from './close.ts';
import type { Finding } from './record.ts';

interface ShortLevel {
  readonly sku: string;
  readonly warehouseId: string;
  readonly onHand: number;
  readonly reserved: number;
}

/**
 * Shortages that are not known yet, with the orders left without goods. One that waits for staff or that they have
 * decided, with the same figures, is not told again; one whose figures changed takes the place of the one that waits.
 */
export async function findShortages(tx: InventoryTransaction, levels: readonly ShortLevel[]): Promise<Finding[]> {
  if (levels.length === 0) return [];
  const known = await tx.$queryRaw<(ShortLevel & { expected: number; actual: number; orderIds: string[] })[]>`
    SELECT DISTINCT ON (sku, warehouse_id) sku, warehouse_id AS "warehouseId", expected, actual, order_ids AS "orderIds"
    FROM discrepancy WHERE kind = 'SHORTAGE' AND sku = ANY(${levels.map(({ sku }) => sku)}::text[])
      AND (resolution = 'PENDING' OR resolved_by IS NOT NULL)
    ORDER BY sku, warehouse_id, id DESC`;
  const last = new Map(known.map((row) => [levelKey(row), row]));
  const orders = await shortOrders(tx, levels);
  const fresh = levels.flatMap((level): Finding[] => {
    const { sku, warehouseId, onHand, reserved } = level;
    const before = last.get(levelKey(level));
    const orderIds = orders.get(levelKey(level)) ?? [];
    const told =
      before?.expected === reserved && before.actual === onHand && before.orderIds.join() === orderIds.join();
    if (told) return [];
    const figures = { expected: reserved, actual: onHand, orderIds };
    return [{ kind: 'SHORTAGE', sku, warehouseId, ...figures, cause: 'SHELF_DIFFERS', healed: false }];
  });
  await supersede(tx, 'SHORTAGE', fresh, 'Its figures changed.');
  return fresh;
}
