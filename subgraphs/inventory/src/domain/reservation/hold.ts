import { newId } from '@mercato/ids';
import type { InventoryTransaction } from '../database.ts';
import type { StockLine } from '../input-check.ts';
import { type ChangedLevel, changeReserved } from '../level-change.ts';
import type { LockedSkus } from '../sku-lock.ts';
import { type AllocateOutcome, allocate } from './allocate.ts';
import { openUnits, type ReservationLineRow } from './reservation.ts';

export type HoldOutcome =
  | { kind: 'held'; lines: ReservationLineRow[]; levels: ChangedLevel[] }
  | Exclude<AllocateOutcome, { kind: 'allocated' }>;

/** Holds all lines for a reservation, or none. The reservation is locked. */
export async function holdLines(
  tx: InventoryTransaction,
  reservation: { readonly id: string; readonly status: 'HELD' | 'CONFIRMED' },
  locked: LockedSkus,
  wanted: readonly StockLine[],
  country: string | null,
): Promise<HoldOutcome> {
  const allocated = await allocate(tx, locked, wanted, country);
  if (allocated.kind !== 'allocated') return allocated;
  const levels = await changeReserved(
    tx,
    allocated.allocations.map(({ quantity, ...level }) => ({ ...level, delta: quantity })),
  );
  const lines = allocated.allocations.map((allocation) => ({
    ...allocation,
    id: newId('reservation_line'),
    fulfilledQuantity: 0,
  }));
  await tx.$executeRaw`
    INSERT INTO reservation_line AS l (id, reservation_id, status, sku, warehouse_id, quantity)
    SELECT id, ${reservation.id}, ${reservation.status}::reservation_status, sku, warehouse_id, quantity
    FROM unnest(${lines.map(({ id }) => id)}::text[], ${lines.map(({ sku }) => sku)}::text[],
      ${lines.map(({ warehouseId }) => warehouseId)}::text[], ${lines.map(({ quantity }) => quantity)}::int[])
      AS n(id, sku, warehouse_id, quantity)
    ON CONFLICT (reservation_id, sku, warehouse_id) DO UPDATE SET quantity = l.quantity + excluded.quantity`;
  return { kind: 'held', lines, levels };
}

/** Gives back what lines still hold. The skus are locked. */
export const giveBack = (tx: InventoryTransaction, lines: readonly ReservationLineRow[]): Promise<ChangedLevel[]> =>
  changeReserved(
    tx,
    lines.map((line) => ({ sku: line.sku, warehouseId: line.warehouseId, delta: -openUnits(line) })),
  );

/** Two changes of the same levels in a row, as one. */
export function mergeChanges(first: readonly ChangedLevel[], second: readonly ChangedLevel[]): ChangedLevel[] {
  const merged = new Map(first.map((level) => [level.id, level]));
  for (const level of second) {
    const earlier = merged.get(level.id);
    merged.set(level.id, {
      ...level,
      onHandDelta: level.onHandDelta + (earlier?.onHandDelta ?? 0),
      reservedDelta: level.reservedDelta + (earlier?.reservedDelta ?? 0),
    });
  }
  return [...merged.values()];
}
