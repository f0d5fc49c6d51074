import type { InventoryTransaction } from '../database.ts';

interface Shelf {
  readonly sku: string;
  readonly warehouseId: string | null;
}

/** Closes findings of a kind that still wait for staff on these shelves: a newer one takes their place. */
export const supersede = (
  tx: InventoryTransaction,
  kind: 'SHORTAGE' | 'COUNT_MISMATCH',
  shelves: readonly Shelf[],
  note: string,
): Promise<void> => close(tx, { kind, resolution: 'KEEP_SYSTEM', note }, shelves);

/** Closes shortages that still wait for staff on shelves that have enough again. Their skus are locked. */
export const closeShortages = (tx: InventoryTransaction, shelves: readonly Shelf[]): Promise<void> =>
  close(tx, { kind: 'SHORTAGE', resolution: 'HEALED', note: 'As many are on hand again as are promised.' }, shelves);

async function close(
  tx: InventoryTransaction,
  end: { readonly kind: string; readonly resolution: string; readonly note: string },
  shelves: readonly Shelf[],
): Promise<void> {
  if (shelves.length === 0) return;
  await tx.$executeRaw`
    UPDATE discrepancy d SET resolution = ${end.resolution}::discrepancy_resolution, resolved_at = now(), note = ${end.note}
    FROM unnest(${shelves.map(({ sku }) => sku)}::text[], ${shelves.map(({ warehouseId }) => warehouseId)}::text[])
      AS k(sku, warehouse_id)
    WHERE d.kind = ${end.kind}::discrepancy_kind AND d.resolution = 'PENDING' AND d.sku = k.sku
      AND d.warehouse_id = k.warehouse_id`;
}

/** Closes what still waits for staff about an order that has its reservation, or wants none. It is locked. */
export async function closeMissingReservation(tx: InventoryTransaction, orderId: string, note: string): Promise<void> {
  await tx.discrepancy.updateMany({
    where: { kind: 'MISSING_RESERVATION', resolution: 'PENDING', orderIds: { has: orderId } },
    data: { resolution: 'HEALED', resolvedAt: new Date(), note },
  });
}
