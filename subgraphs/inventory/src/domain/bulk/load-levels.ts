import { newId } from '@mercato/ids';
import { inventoryItself } from '../actor.ts';
import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import type { ChangedLevel } from '../level-change.ts';
import { lockSkusOrCreate } from '../sku-lock.ts';

export interface OpeningLevel {
  readonly sku: string;
  readonly warehouseId: string;
  readonly onHand: number;
  readonly reorderPoint?: number | null | undefined;
  readonly safetyStock?: number | null | undefined;
}

const batchSize = 5_000;

/**
 * Books opening stock in bulk, each level once: those that exist already stay as they are, so that a second load
 * changes nothing. Batches by sku keep memory and locks bounded.
 * @returns how many levels are new
 */
export async function loadOpeningStock(
  db: InventoryDatabase,
  levels: readonly OpeningLevel[],
  reference: string,
): Promise<number> {
  let added = 0;
  for (let start = 0; start < levels.length; start += batchSize) {
    const batch = levels.slice(start, start + batchSize);
    added += await db.$transaction((tx) => loadBatch(tx, batch, reference));
  }
  return added;
}

async function loadBatch(tx: InventoryTransaction, batch: readonly OpeningLevel[], reference: string): Promise<number> {
  const locked = await lockSkusOrCreate(
    tx,
    batch.map(({ sku }) => sku),
  );
  const added = await tx.$queryRaw<ChangedLevel[]>`
    WITH input AS (
      SELECT * FROM unnest(
        ${batch.map(() => newId('level'))}::text[], ${batch.map(() => newId('movement'))}::text[],
        ${batch.map(({ sku }) => sku)}::text[], ${batch.map(({ warehouseId }) => warehouseId)}::text[],
        ${batch.map(({ onHand }) => onHand)}::int[], ${batch.map(({ reorderPoint }) => reorderPoint ?? null)}::int[],
        ${batch.map(({ safetyStock }) => safetyStock ?? 0)}::int[]
      ) AS i(level_id, movement_id, sku, warehouse_id, on_hand, reorder_point, safety_stock)
    ), level AS (
      INSERT INTO stock_level (id, sku, warehouse_id, on_hand, reorder_point, safety_stock)
      SELECT level_id, sku, warehouse_id, on_hand, reorder_point, safety_stock FROM input ORDER BY sku, warehouse_id
      ON CONFLICT (sku, warehouse_id) DO NOTHING RETURNING *
    ), booked AS (
      INSERT INTO stock_movement (id, sku, warehouse_id, type, quantity, reference, source_key, actor, balance_after)
      SELECT i.movement_id, i.sku, i.warehouse_id, 'RECEIPT', i.on_hand, ${reference},
        'opening:' || i.sku || ':' || w.code, ${inventoryItself}, i.on_hand
      FROM input i JOIN level l ON l.id = i.level_id JOIN warehouse w ON w.id = i.warehouse_id
      WHERE i.on_hand <> 0 ORDER BY i.sku, i.warehouse_id
    )
    SELECT l.id, l.sku, l.warehouse_id AS "warehouseId", l.on_hand AS "onHand", l.reserved,
      l.safety_stock AS "safetyStock", l.reorder_point AS "reorderPoint", l.version, l.updated_at AS "updatedAt",
      w.code AS "warehouseCode", w.active AS "warehouseActive", l.on_hand AS "onHandDelta", 0 AS "reservedDelta"
    FROM level l JOIN warehouse w ON w.id = l.warehouse_id`;
  await tellConsequences(tx, locked, added);
  return added.length;
}
