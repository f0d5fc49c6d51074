import type { InventoryReader } from './database.ts';

interface OpenPromise {
  readonly orderId: string;
  readonly quantity: number;
}

/**
 * The orders that a shelf leaves without all of their goods, when it serves them in the order given.
 * @param onHand units on the shelf; below zero is an empty shelf
 */
export function ordersLeftShort(promises: readonly OpenPromise[], onHand: number): string[] {
  let left = Math.max(onHand, 0);
  return promises.flatMap(({ orderId, quantity }) => {
    if (quantity <= left) {
      left -= quantity;
      return [];
    }
    left = 0;
    return [orderId];
  });
}

interface LevelKey {
  readonly sku: string;
  readonly warehouseId: string;
}

export const levelKey = ({ sku, warehouseId }: LevelKey): string => `${warehouseId} ${sku}`;

/** Orders that levels with fewer on hand than promised leave short: firm promises are served first, then the oldest. */
export async function shortOrders(
  db: InventoryReader,
  levels: readonly (LevelKey & { readonly onHand: number })[],
): Promise<ReadonlyMap<string, string[]>> {
  if (levels.length === 0) return new Map();
  const rows = await db.$queryRaw<(LevelKey & { promises: OpenPromise[] })[]>`
    SELECT l.sku, l.warehouse_id AS "warehouseId",
      jsonb_agg(jsonb_build_object('orderId', r.order_id, 'quantity', l.quantity - l.fulfilled_quantity)
        ORDER BY l.status DESC, r.created_at, r.id) AS promises
    FROM unnest(${levels.map(({ sku }) => sku)}::text[], ${levels.map(({ warehouseId }) => warehouseId)}::text[])
      AS wanted(sku, warehouse_id)
    JOIN reservation_line l ON l.sku = wanted.sku AND l.warehouse_id = wanted.warehouse_id
      AND l.status IN ('HELD', 'CONFIRMED') AND l.quantity > l.fulfilled_quantity
    JOIN reservation r ON r.id = l.reservation_id
    GROUP BY l.sku, l.warehouse_id`;
  const promises = new Map(rows.map((row) => [levelKey(row), row.promises]));
  return new Map(
    levels.map((level) => [levelKey(level), ordersLeftShort(promises.get(levelKey(level)) ?? [], level.onHand)]),
  );
}
