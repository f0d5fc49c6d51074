import { recordEvents } from '@mercato/outbox';
import { availabilityChanged, stockRanLow, stockRanShort } from '../events/index.ts';
import type { InventoryTransaction } from './database.ts';
import type { ChangedLevel } from './level-change.ts';
import { closeShortages } from './reconciliation/close.ts';
import { levelKey, shortOrders } from './shortage.ts';
import type { LockedSkus } from './sku-lock.ts';
import { availableOf } from './stock-level.ts';

const before = (level: ChangedLevel) => ({
  ...level,
  onHand: level.onHand - level.onHandDelta,
  reserved: level.reserved - level.reservedDelta,
});

/** Whether the change took what can be promised down to the reorder point. */
export function ranLow(level: ChangedLevel): boolean {
  const { reorderPoint } = level;
  return reorderPoint !== null && availableOf(level) <= reorderPoint && availableOf(before(level)) > reorderPoint;
}

/** Whether the change left fewer on hand than are promised, or made a shortage worse. */
export function ranShort(level: ChangedLevel): boolean {
  const missing = (of: { onHand: number; reserved: number }) => Math.max(of.reserved - of.onHand, 0);
  return missing(level) > missing(before(level));
}

/** Whether the change ended a shortage. */
export function isCovered(level: ChangedLevel): boolean {
  const { onHand, reserved } = before(level);
  return onHand < reserved && level.onHand >= level.reserved;
}

/** Skus that could be bought before and cannot any more, or the other way round. */
export function flippedSkus(locked: LockedSkus, levels: readonly ChangedLevel[]): string[] {
  const deltas = new Map<string, number>();
  for (const level of levels) {
    if (!level.warehouseActive) continue;
    const delta = Math.max(availableOf(level), 0) - Math.max(availableOf(before(level)), 0);
    deltas.set(level.sku, (deltas.get(level.sku) ?? 0) + delta);
  }
  return [...deltas].flatMap(([sku, delta]) => {
    const was = locked.get(sku)?.available ?? 0;
    return was > 0 !== was + delta > 0 ? [sku] : [];
  });
}

/** Tells, in the transaction of a change of stock, what followed from it. The skus are locked. */
export async function tellConsequences(
  tx: InventoryTransaction,
  locked: LockedSkus,
  levels: readonly ChangedLevel[],
): Promise<void> {
  await tellAvailability(tx, flippedSkus(locked, levels));
  await recordEvents(
    tx,
    stockRanLow,
    levels.filter(ranLow).map((level) => ({
      aggregateId: level.sku,
      version: level.version,
      payload: {
        warehouse: level.warehouseCode,
        sku: level.sku,
        available: availableOf(level),
        reorderPoint: level.reorderPoint ?? 0,
      },
    })),
  );
  await tellShortages(tx, levels.filter(ranShort));
  await closeShortages(tx, levels.filter(isCovered));
}

async function tellShortages(tx: InventoryTransaction, levels: readonly ChangedLevel[]): Promise<void> {
  const orders = await shortOrders(tx, levels);
  await recordEvents(
    tx,
    stockRanShort,
    levels.map((level) => ({
      aggregateId: level.sku,
      version: level.version,
      payload: {
        warehouse: level.warehouseCode,
        sku: level.sku,
        onHand: level.onHand,
        reserved: level.reserved,
        orderIds: orders.get(levelKey(level)) ?? [],
      },
    })),
  );
}

/** Tells whether skus can be bought now. They are locked. */
export async function tellAvailability(tx: InventoryTransaction, skus: readonly string[]): Promise<void> {
  if (skus.length === 0) return;
  const rows = await tx.$queryRaw<{ sku: string; productId: string | null; inStock: boolean; version: number }[]>`
    SELECT a.sku, v.product_id AS "productId", a.available > 0 AS "inStock", a.version
    FROM sku_availability a LEFT JOIN catalog_variant v ON v.sku = a.sku
    WHERE a.sku = ANY(${[...skus]}::text[]) ORDER BY a.sku`;
  // One event a sku: its version orders it against others of the same sku.
  await recordEvents(
    tx,
    availabilityChanged,
    rows.map((row) => ({ aggregateId: row.sku, version: row.version, payload: { skus: [row] } })),
  );
}
