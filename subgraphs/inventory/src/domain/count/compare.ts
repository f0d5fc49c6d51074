import { recordEvents } from '@mercato/outbox';
import { stockAdjusted } from '../../events/index.ts';
import { tellConsequences } from '../consequences.ts';
import type { InventoryTransaction } from '../database.ts';
import { bookMovements, type ChangedLevel } from '../level-change.ts';
import { lockSkusOrCreate } from '../sku-lock.ts';
import type { StockCountRow } from './stock-count.ts';

/** A counted sku beside what the books said when it was counted. */
export interface ComparedCount {
  readonly sku: string;
  readonly counted: number;
  /** On hand as of the count. */
  readonly booked: number;
  /** A newer count of the same shelf was compared before. */
  readonly overtaken: boolean;
}

/** On hand as of the count: what moved since, such as sales, says nothing about what was on the shelf then. */
export const compareWithBooks = (
  tx: InventoryTransaction,
  { id, warehouseId, countedAt }: StockCountRow,
  skus: readonly string[],
): Promise<ComparedCount[]> =>
  tx.$queryRaw<ComparedCount[]>`
    SELECT c.sku, c.counted,
      (SELECT coalesce(sum(m.quantity), 0)::int FROM stock_movement m
        WHERE m.sku = c.sku AND m.warehouse_id = ${warehouseId} AND m.effective_at <= ${countedAt}) AS booked,
      EXISTS (SELECT FROM stock_count_line l JOIN stock_count o ON o.id = l.count_id
        WHERE l.sku = c.sku AND l.compared AND o.warehouse_id = ${warehouseId} AND o.counted_at > ${countedAt}) AS overtaken
    FROM stock_count_line c WHERE c.count_id = ${id} AND c.sku = ANY(${[...skus]}::text[]) ORDER BY c.sku`;

/**
 * Books what counts found, as of when they were taken. It may leave fewer on hand than are promised: the shelf is as
 * it is. Call it with the skus locked.
 */
export async function bookDifferences(
  tx: InventoryTransaction,
  count: StockCountRow,
  differences: readonly ComparedCount[],
  actor: string | null,
): Promise<ChangedLevel[]> {
  const { id, warehouseId, reference, countedAt } = count;
  const changed = differences.filter(({ counted, booked }) => counted !== booked);
  const locked = await lockSkusOrCreate(
    tx,
    changed.map(({ sku }) => sku),
  );
  const levels = await bookMovements(
    tx,
    changed.map(({ sku, counted, booked }) => ({
      sku,
      warehouseId,
      type: 'COUNT',
      quantity: counted - booked,
      reference: reference ?? id,
      sourceKey: `count:${id}:${sku}`,
    })),
    { actor, effectiveAt: countedAt },
  );
  await tellConsequences(tx, locked, levels);
  await recordEvents(
    tx,
    stockAdjusted,
    levels.map(({ sku, warehouseCode, onHandDelta, onHand, version }) => ({
      aggregateId: sku,
      version,
      payload: { warehouse: warehouseCode, sku, delta: onHandDelta, reason: null, onHand },
    })),
  );
  return levels;
}
