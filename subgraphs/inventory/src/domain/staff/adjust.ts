import { recordEvent } from '@mercato/outbox';
import { stockAdjusted } from '../../events/index.ts';
import type { StockAdjustmentReason } from '../../generated/prisma/client.ts';
import { skusInCatalog } from '../catalog-copy.ts';
import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { checkText, firstFault, type InvalidInput, invalid, maxQuantity } from '../input-check.ts';
import { bookMovements } from '../level-change.ts';
import { lockSkus, lockSkusOrCreate } from '../sku-lock.ts';
import { findWarehouse } from '../warehouse.ts';
import { type KeyedCall, onceForKey, type RememberedLevel, remember } from './once-for-key.ts';

export interface Adjustment extends KeyedCall {
  readonly warehouse: string;
  readonly sku: string;
  /** Units to add, or when negative to take away. */
  readonly delta: number;
  readonly reason: StockAdjustmentReason;
  /** Refuse unless this many are on hand. */
  readonly expectedOnHand: number | null;
  readonly reference: string | null;
}

export type AdjustOutcome =
  | { kind: 'done'; level: RememberedLevel }
  | { kind: 'insufficient'; sku: string; requested: number; available: number }
  | { kind: 'unexpected-on-hand'; expected: number; actual: number }
  | { kind: 'unknown-warehouse' }
  | { kind: 'unknown-sku' }
  | { kind: 'key-reused' }
  | InvalidInput;

/**
 * Corrects a level by a difference. What is lost is lost: it may leave fewer on hand than are promised, which is
 * recorded and raises a shortage. Only a shelf cannot hold less than nothing.
 */
export async function adjustStock(db: InventoryDatabase, adjustment: Adjustment): Promise<AdjustOutcome> {
  const { actor: _, idempotencyKey, ...input } = adjustment;
  const fault = firstFault(
    checkText(idempotencyKey, 'idempotencyKey'),
    checkText(input.reference, 'reference'),
    checkText(input.warehouse, 'warehouse'),
    checkText(input.sku, 'sku'),
    input.delta === 0 ? invalid('`delta` is 0 and would change nothing; give the difference.', 'delta') : undefined,
    Math.abs(input.delta) > maxQuantity
      ? invalid(`\`delta\` is ${input.delta}; give at most ${maxQuantity} units, up or down.`, 'delta')
      : undefined,
  );
  if (fault) return fault;
  return onceForKey(db, 'stockAdjust', adjustment, input, (tx) => adjust(tx, adjustment));
}

async function adjust(tx: InventoryTransaction, adjustment: Adjustment): Promise<AdjustOutcome> {
  const { sku, delta, reason, expectedOnHand, reference, actor } = adjustment;
  const warehouse = await findWarehouse(tx, adjustment.warehouse);
  if (!warehouse) return { kind: 'unknown-warehouse' };
  let locked = await lockSkus(tx, [sku]);
  if (!locked.has(sku)) {
    const known = await skusInCatalog(tx, [sku]);
    if (!known.has(sku)) return { kind: 'unknown-sku' };
    locked = await lockSkusOrCreate(tx, [sku]);
  }
  const level = await tx.stockLevel.findUnique({ where: { sku_warehouseId: { sku, warehouseId: warehouse.id } } });
  const onHand = level?.onHand ?? 0;
  if (expectedOnHand !== null && expectedOnHand !== onHand) {
    return { kind: 'unexpected-on-hand', expected: expectedOnHand, actual: onHand };
  }
  if (delta < 0 && onHand + delta < 0) {
    return { kind: 'insufficient', sku, requested: -delta, available: Math.max(onHand, 0) };
  }
  const levels = await bookMovements(
    tx,
    [{ sku, warehouseId: warehouse.id, type: 'ADJUSTMENT', quantity: delta, reason, reference }],
    { actor },
  );
  const [changed] = levels;
  if (!changed) throw new Error('An adjustment changed no level.');
  await tellConsequences(tx, locked, levels);
  await recordEvent(tx, stockAdjusted, {
    aggregateId: sku,
    version: changed.version,
    payload: { warehouse: warehouse.code, sku, delta, reason, onHand: changed.onHand },
  });
  return { kind: 'done', level: remember(changed) };
}
