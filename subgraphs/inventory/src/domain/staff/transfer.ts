import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import {
  checkLines,
  checkText,
  firstFault,
  type InvalidInput,
  invalid,
  type StockLine,
  sumBySku,
} from '../input-check.ts';
import { bookMovements, type NewMovement } from '../level-change.ts';
import { lockSkus } from '../sku-lock.ts';
import { availableOf } from '../stock-level.ts';
import { type WarehouseRow, warehousesByCode } from '../warehouse.ts';
import { type KeyedCall, onceForKey, type RememberedLevel, remember } from './once-for-key.ts';

export interface Transfer extends KeyedCall {
  readonly fromWarehouse: string;
  readonly toWarehouse: string;
  readonly lines: readonly StockLine[];
  readonly reference: string | null;
}

export type TransferOutcome =
  | { kind: 'done'; levels: RememberedLevel[] }
  | { kind: 'insufficient'; sku: string; requested: number; available: number }
  | { kind: 'unknown-warehouse'; field: 'fromWarehouse' | 'toWarehouse' }
  | { kind: 'key-reused' }
  | InvalidInput;

const maxLines = 500;

/** Moves stock that is not promised to anyone, all lines or none. */
export async function transferStock(db: InventoryDatabase, transfer: Transfer): Promise<TransferOutcome> {
  const { actor: _, idempotencyKey, ...input } = transfer;
  const fault = firstFault(
    checkText(idempotencyKey, 'idempotencyKey'),
    checkText(input.reference, 'reference'),
    checkText(input.fromWarehouse, 'fromWarehouse'),
    checkText(input.toWarehouse, 'toWarehouse'),
    input.fromWarehouse === input.toWarehouse
      ? invalid('`toWarehouse` is the warehouse that gives; name another.', 'toWarehouse')
      : undefined,
    checkLines(input.lines, maxLines),
  );
  if (fault) return fault;

  return onceForKey(db, 'stockTransfer', transfer, input, async (tx): Promise<TransferOutcome> => {
    const warehouses = await warehousesByCode(tx, [input.fromWarehouse, input.toWarehouse]);
    const from = warehouses.find(({ code }) => code === input.fromWarehouse);
    const to = warehouses.find(({ code }) => code === input.toWarehouse);
    if (!from) return { kind: 'unknown-warehouse', field: 'fromWarehouse' };
    if (!to) return { kind: 'unknown-warehouse', field: 'toWarehouse' };
    return move(tx, transfer, from, to);
  });
}

async function move(
  tx: InventoryTransaction,
  { lines, reference, actor }: Transfer,
  from: WarehouseRow,
  to: WarehouseRow,
): Promise<TransferOutcome> {
  const moved = sumBySku(lines);
  const skus = moved.map(({ sku }) => sku);
  const locked = await lockSkus(tx, skus);
  const source = await tx.stockLevel.findMany({ where: { sku: { in: skus }, warehouseId: from.id } });
  // What came to be after the locks were taken is not locked, and so is none yet.
  const availableBySku = new Map(
    source.filter(({ sku }) => locked.has(sku)).map((level) => [level.sku, availableOf(level)]),
  );
  for (const { sku, quantity } of moved) {
    const available = Math.max(availableBySku.get(sku) ?? 0, 0);
    if (available < quantity) return { kind: 'insufficient', sku, requested: quantity, available };
  }
  const movements = moved.flatMap(({ sku, quantity }): NewMovement[] => [
    { sku, warehouseId: from.id, type: 'TRANSFER_OUT', quantity: -quantity, reference: reference ?? `to ${to.code}` },
    { sku, warehouseId: to.id, type: 'TRANSFER_IN', quantity, reference: reference ?? `from ${from.code}` },
  ]);
  const levels = await bookMovements(tx, movements, { actor });
  await tellConsequences(tx, locked, levels);
  return { kind: 'done', levels: levels.map(remember) };
}
