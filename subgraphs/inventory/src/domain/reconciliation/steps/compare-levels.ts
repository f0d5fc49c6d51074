import { Prisma } from '../../../generated/prisma/client.ts';
import type { InventoryReader } from '../../database.ts';
import { inScope, type Scope } from '../scope.ts';

export interface LevelKey {
  readonly sku: string;
  readonly warehouseId: string;
}

/** Levels behind `after` up to and with `to`, in the order of skus, then warehouses; null is no bound. */
export interface LevelRange {
  readonly after: LevelKey | null;
  readonly to: LevelKey | null;
}

/** A level beside what its ledger and its open reservations add up to. */
export interface ComparedLevel extends LevelKey {
  /** Null where movements or reservations have no level. */
  readonly onHand: number | null;
  readonly reserved: number | null;
  readonly ledger: number;
  readonly open: number;
}

/** The last level of a chunk that begins behind `after`; null when fewer are left than a chunk holds. */
export async function lastOfChunk(
  db: InventoryReader,
  scope: Scope,
  after: LevelKey | null,
  chunkSize: number,
): Promise<LevelKey | null> {
  const [last] = await db.$queryRaw<LevelKey[]>`
    SELECT sku, warehouse_id AS "warehouseId" FROM stock_level WHERE ${inScope(scope)} AND ${within({ after, to: null })}
    ORDER BY sku, warehouse_id OFFSET ${chunkSize - 1} LIMIT 1`;
  return last ?? null;
}

/**
 * Compares the levels of a range with the ledger and with the open reservations, in one statement and so as of one
 * instant: what is written meanwhile is either in all three or in none.
 * @returns how many levels there are, and those that are off or short
 */
export async function compareLevels(
  db: InventoryReader,
  scope: Scope,
  range: LevelRange,
): Promise<{ scanned: number; off: ComparedLevel[] }> {
  const part = Prisma.sql`${inScope(scope)} AND ${within(range)}`;
  const [compared] = await db.$queryRaw<{ scanned: number; off: ComparedLevel[] }[]>`
    WITH level AS (
      SELECT sku, warehouse_id, on_hand, reserved FROM stock_level WHERE ${part}
    ), ledger AS (
      SELECT sku, warehouse_id, sum(quantity)::int AS quantity FROM stock_movement WHERE ${part} GROUP BY sku, warehouse_id
    ), held AS (
      SELECT sku, warehouse_id, sum(quantity - fulfilled_quantity)::int AS quantity FROM reservation_line
      WHERE status IN ('HELD', 'CONFIRMED') AND ${part} GROUP BY sku, warehouse_id
    )
    SELECT count(level.on_hand)::int AS scanned,
      coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'warehouseId', warehouse_id, 'onHand', level.on_hand,
          'reserved', level.reserved, 'ledger', coalesce(ledger.quantity, 0), 'open', coalesce(held.quantity, 0))
        ORDER BY sku, warehouse_id)
        FILTER (WHERE level.on_hand IS DISTINCT FROM coalesce(ledger.quantity, 0)
          OR level.reserved IS DISTINCT FROM coalesce(held.quantity, 0)
          OR level.on_hand < level.reserved), '[]') AS off
    FROM level FULL JOIN ledger USING (sku, warehouse_id) FULL JOIN held USING (sku, warehouse_id)`;
  return compared ?? { scanned: 0, off: [] };
}

/** Whether level and truth differ; one that is only short is right and says so. */
export const hasDrifted = ({ onHand, reserved, ledger, open }: ComparedLevel): boolean =>
  onHand !== ledger || reserved !== open;

function within({ after, to }: LevelRange): Prisma.Sql {
  const from = after ? Prisma.sql`(sku, warehouse_id) > (${after.sku}, ${after.warehouseId})` : Prisma.sql`TRUE`;
  return to ? Prisma.sql`${from} AND (sku, warehouse_id) <= (${to.sku}, ${to.warehouseId})` : from;
}
