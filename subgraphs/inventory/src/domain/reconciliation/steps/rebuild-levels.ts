import { newId } from '@mercato/ids';
import type { InventoryTransaction } from '../../database.ts';
import type { ChangedLevel } from '../../level-change.ts';
import { levelKey } from '../../shortage.ts';
import { causeOfOnHandDrift, causeOfReservedDrift } from '../cause.ts';
import type { Finding } from '../record.ts';
import type { ComparedLevel, LevelKey } from './compare-levels.ts';

interface History extends LevelKey {
  /** Quantities of the last movements. */
  readonly moved: readonly number[];
  /** Units of reservation lines that ended lately. */
  readonly closed: readonly number[];
  /** Units of those that are open. */
  readonly open: readonly number[];
}

const keysOf = (levels: readonly LevelKey[]) => ({
  skus: levels.map(({ sku }) => sku),
  warehouseIds: levels.map(({ warehouseId }) => warehouseId),
});

async function historiesOf(tx: InventoryTransaction, levels: readonly LevelKey[]): Promise<Map<string, History>> {
  const { skus, warehouseIds } = keysOf(levels);
  const rows = await tx.$queryRaw<History[]>`
    SELECT k.sku, k.warehouse_id AS "warehouseId",
      ARRAY(SELECT m.quantity FROM stock_movement m WHERE m.sku = k.sku AND m.warehouse_id = k.warehouse_id
        ORDER BY m.seq DESC LIMIT 50) AS moved,
      ARRAY(SELECT l.quantity - l.fulfilled_quantity FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
        WHERE l.sku = k.sku AND l.warehouse_id = k.warehouse_id AND l.status IN ('RELEASED', 'EXPIRED')
        ORDER BY r.updated_at DESC LIMIT 50)
      || ARRAY(SELECT l.quantity FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
        WHERE l.sku = k.sku AND l.warehouse_id = k.warehouse_id AND l.status = 'FULFILLED'
        ORDER BY r.updated_at DESC LIMIT 50) AS closed,
      ARRAY(SELECT l.quantity - l.fulfilled_quantity FROM reservation_line l
        WHERE l.sku = k.sku AND l.warehouse_id = k.warehouse_id AND l.status IN ('HELD', 'CONFIRMED') LIMIT 200) AS open
    FROM unnest(${skus}::text[], ${warehouseIds}::text[]) AS k(sku, warehouse_id)`;
  return new Map(rows.map((row) => [levelKey(row), row]));
}

/** What is off about drifted levels, and most likely why: on hand and reserved apart. */
export async function findDrift(tx: InventoryTransaction, levels: readonly ComparedLevel[]): Promise<Finding[]> {
  if (levels.length === 0) return [];
  const histories = await historiesOf(tx, levels);
  return levels.flatMap((level) => {
    const { moved = [], closed = [], open = [] } = histories.get(levelKey(level)) ?? {};
    const { sku, warehouseId } = level;
    const onHand = level.onHand ?? 0;
    const reserved = level.reserved ?? 0;
    const about = { kind: 'LEDGER_DRIFT' as const, sku, warehouseId, healed: true };
    const findings: Finding[] = [];
    if (onHand !== level.ledger || level.onHand === null) {
      const cause = level.onHand === null ? 'CHANGED_PAST_LEDGER' : causeOfOnHandDrift(onHand - level.ledger, moved);
      findings.push({ ...about, expected: onHand, actual: level.ledger, cause });
    }
    if (reserved !== level.open) {
      const cause =
        level.reserved === null ? 'CHANGED_PAST_LEDGER' : causeOfReservedDrift(reserved - level.open, closed, open);
      findings.push({ ...about, expected: reserved, actual: level.open, cause });
    }
    return findings;
  });
}

/** Makes levels say what ledger and reservations add up to. Their skus are locked. */
export async function rebuildLevels(
  tx: InventoryTransaction,
  levels: readonly ComparedLevel[],
): Promise<ChangedLevel[]> {
  if (levels.length === 0) return [];
  const { skus, warehouseIds } = keysOf(levels);
  return tx.$queryRaw<ChangedLevel[]>`
    WITH truth AS (
      SELECT * FROM unnest(${levels.map(() => newId('level'))}::text[], ${skus}::text[], ${warehouseIds}::text[],
        ${levels.map(({ ledger }) => ledger)}::int[], ${levels.map(({ open }) => open)}::int[],
        ${levels.map(({ onHand }) => onHand ?? 0)}::int[], ${levels.map(({ reserved }) => reserved ?? 0)}::int[])
        AS t(id, sku, warehouse_id, on_hand, reserved, on_hand_before, reserved_before)
    ), rebuilt AS (
      INSERT INTO stock_level AS l (id, sku, warehouse_id, on_hand, reserved)
      SELECT id, sku, warehouse_id, on_hand, reserved FROM truth ORDER BY sku, warehouse_id
      ON CONFLICT (sku, warehouse_id) DO UPDATE
        SET on_hand = excluded.on_hand, reserved = excluded.reserved, version = l.version + 1, updated_at = now()
      RETURNING *
    )
    SELECT r.id, r.sku, r.warehouse_id AS "warehouseId", r.on_hand AS "onHand", r.reserved,
      r.safety_stock AS "safetyStock", r.reorder_point AS "reorderPoint", r.version, r.updated_at AS "updatedAt",
      w.code AS "warehouseCode", w.active AS "warehouseActive", r.on_hand - t.on_hand_before AS "onHandDelta",
      r.reserved - t.reserved_before AS "reservedDelta"
    FROM rebuilt r JOIN truth t USING (sku, warehouse_id) JOIN warehouse w ON w.id = r.warehouse_id`;
}
