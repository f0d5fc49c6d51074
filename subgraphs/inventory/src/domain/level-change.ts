import { newId } from '@mercato/ids';
import type { StockAdjustmentReason, StockMovementType } from '../generated/prisma/client.ts';
import type { InventoryTransaction } from './database.ts';
import type { StockLevelRow } from './stock-level.ts';

/** A level right after a change, and what changed. */
export interface ChangedLevel extends StockLevelRow {
  readonly warehouseCode: string;
  readonly warehouseActive: boolean;
  readonly onHandDelta: number;
  readonly reservedDelta: number;
}

export interface NewMovement {
  readonly sku: string;
  readonly warehouseId: string;
  readonly type: StockMovementType;
  /** Units, negative when they left; not 0. */
  readonly quantity: number;
  readonly reason?: StockAdjustmentReason | null;
  readonly reference?: string | null;
  /** The same key is booked once; a second time fails. */
  readonly sourceKey?: string | null;
}

/**
 * Books movements in the ledger and moves their levels along, in one statement. At most one movement a level; its sku
 * is locked.
 * @param effectiveAt when the goods moved, if not now
 */
export async function bookMovements(
  tx: InventoryTransaction,
  movements: readonly NewMovement[],
  { actor, effectiveAt }: { actor: string | null; effectiveAt?: Date },
): Promise<ChangedLevel[]> {
  if (movements.length === 0) return [];
  return tx.$queryRaw<ChangedLevel[]>`
    WITH input AS (
      SELECT * FROM unnest(
        ${movements.map(() => newId('movement'))}::text[],
        ${movements.map(() => newId('level'))}::text[],
        ${movements.map(({ sku }) => sku)}::text[],
        ${movements.map(({ warehouseId }) => warehouseId)}::text[],
        ${movements.map(({ type }) => type)}::stock_movement_type[],
        ${movements.map(({ quantity }) => quantity)}::int[],
        ${movements.map(({ reason }) => reason ?? null)}::stock_adjustment_reason[],
        ${movements.map(({ reference }) => reference ?? null)}::text[],
        ${movements.map(({ sourceKey }) => sourceKey ?? null)}::text[]
      ) AS i(id, level_id, sku, warehouse_id, type, quantity, reason, reference, source_key)
    ), level AS (
      INSERT INTO stock_level AS l (id, sku, warehouse_id, on_hand)
      SELECT level_id, sku, warehouse_id, quantity FROM input ORDER BY sku, warehouse_id
      ON CONFLICT (sku, warehouse_id) DO UPDATE
        SET on_hand = l.on_hand + excluded.on_hand, version = l.version + 1, updated_at = now()
      RETURNING *
    ), booked AS (
      INSERT INTO stock_movement
        (id, sku, warehouse_id, type, quantity, reason, reference, source_key, actor, balance_after, effective_at)
      SELECT i.id, i.sku, i.warehouse_id, i.type, i.quantity, i.reason, i.reference, i.source_key, ${actor}::text,
        level.on_hand, coalesce(${effectiveAt ?? null}::timestamptz, now())
      FROM input i JOIN level USING (sku, warehouse_id) ORDER BY i.sku, i.warehouse_id
    )
    SELECT level.id, level.sku, level.warehouse_id AS "warehouseId", level.on_hand AS "onHand", level.reserved,
      level.safety_stock AS "safetyStock", level.reorder_point AS "reorderPoint", level.version,
      level.updated_at AS "updatedAt", w.code AS "warehouseCode", w.active AS "warehouseActive",
      i.quantity AS "onHandDelta", 0 AS "reservedDelta"
    FROM level JOIN input i USING (sku, warehouse_id) JOIN warehouse w ON w.id = level.warehouse_id
    ORDER BY level.sku, level.warehouse_id`;
}

export interface ReservedDelta {
  readonly sku: string;
  readonly warehouseId: string;
  readonly delta: number;
}

/**
 * Moves the reserved figure of levels, in one statement. Deltas of one level are summed; its sku is locked.
 * A figure that had drifted too low stops at 0 rather than stop a release: open reservations are the truth, and
 * reconciliation makes the figure theirs again.
 */
export async function changeReserved(
  tx: InventoryTransaction,
  deltas: readonly ReservedDelta[],
): Promise<ChangedLevel[]> {
  if (deltas.length === 0) return [];
  return tx.$queryRaw<ChangedLevel[]>`
    WITH input AS (
      SELECT sku, warehouse_id, sum(delta)::int AS delta FROM unnest(
        ${deltas.map(({ sku }) => sku)}::text[],
        ${deltas.map(({ warehouseId }) => warehouseId)}::text[],
        ${deltas.map(({ delta }) => delta)}::int[]
      ) AS i(sku, warehouse_id, delta) GROUP BY sku, warehouse_id
    )
    UPDATE stock_level l SET reserved = greatest(l.reserved + i.delta, 0), version = l.version + 1, updated_at = now()
    FROM input i, warehouse w
    WHERE l.sku = i.sku AND l.warehouse_id = i.warehouse_id AND w.id = l.warehouse_id
    RETURNING l.id, l.sku, l.warehouse_id AS "warehouseId", l.on_hand AS "onHand", l.reserved,
      l.safety_stock AS "safetyStock", l.reorder_point AS "reorderPoint", l.version, l.updated_at AS "updatedAt",
      w.code AS "warehouseCode", w.active AS "warehouseActive", 0 AS "onHandDelta", i.delta AS "reservedDelta"`;
}
