import type { InventoryTransaction } from '../database.ts';
import { levelKey, shortOrders } from '../shortage.ts';
import type { Finding } from './record.ts';

interface ShortLevel {
  readonly sku: string;
  readonly warehouseId: string;
  readonly onHand: number;
  readonly reserved: number;
}

/**
 * Shortages that are not known yet, with the orders left without goods. One that was told before, with the same
 * figures, is not told again; one whose figures changed takes the place of the one that waits.
 */
export async function findShortages(tx: InventoryTransaction, levels: readonly ShortLevel[]): Promise<Finding[]> {
  if (levels.length === 0) return [];
  const known = await tx.$queryRaw<(ShortLevel & { expected: number; actual: number; orderIds: string[] })[]>`
    SELECT DISTINCT ON (sku, warehouse_id) sku, warehouse_id AS "warehouseId", expected, actual, order_ids AS "orderIds"
    FROM discrepancy WHERE kind = 'SHORTAGE' AND sku = ANY(${levels.map(({ sku }) => sku)}::text[])
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

/** Closes findings of a kind that still wait for staff on these levels: a newer one takes their place. */
export async function supersede(
  tx: InventoryTransaction,
  kind: 'SHORTAGE' | 'COUNT_MISMATCH',
  levels: readonly { readonly sku: string; readonly warehouseId: string | null }[],
  note: string,
): Promise<void> {
  if (levels.length === 0) return;
  await tx.$executeRaw`
    UPDATE discrepancy d SET resolution = 'KEEP_SYSTEM', resolved_at = now(), note = ${note}
    FROM unnest(${levels.map(({ sku }) => sku)}::text[], ${levels.map(({ warehouseId }) => warehouseId)}::text[])
      AS k(sku, warehouse_id)
    WHERE d.kind = ${kind}::discrepancy_kind AND d.resolution = 'PENDING' AND d.sku = k.sku AND d.warehouse_id = k.warehouse_id`;
}
