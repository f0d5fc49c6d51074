import { newId } from '@mercato/ids';
import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { lockSkus } from '../sku-lock.ts';
import { giveBack } from './hold.ts';
import { isOpen, isTombstone, lockReservation, type ReservationRow } from './reservation.ts';

export type ReleaseOutcome =
  | { kind: 'released'; reservation: ReservationRow }
  /** There was none; a late reserve will be refused. */
  | { kind: 'nothing-to-release' }
  | { kind: 'already-fulfilled' };

/** Gives an order's reservation back for good. Safe to repeat, and before any reserve. */
export const releaseReservation = (
  db: InventoryDatabase,
  orderId: string,
  reason: string | null,
): Promise<ReleaseOutcome> => db.$transaction((tx) => release(tx, orderId, reason));

/** The same within a transaction that holds no locks of skus. */
export async function release(
  tx: InventoryTransaction,
  orderId: string,
  reason: string | null,
): Promise<ReleaseOutcome> {
  const known = (await lockReservation(tx, orderId)) ?? (await buryUnlessMade(tx, orderId, reason));
  if (!known || isTombstone(known)) return { kind: 'nothing-to-release' };
  if (known.status === 'FULFILLED') return { kind: 'already-fulfilled' };
  if (known.status === 'RELEASED') return { kind: 'released', reservation: known };

  if (isOpen(known)) {
    const locked = await lockSkus(
      tx,
      known.lines.map(({ sku }) => sku),
    );
    await tellConsequences(tx, locked, await giveBack(tx, known.lines));
  }
  await tx.$executeRaw`
    UPDATE reservation SET status = 'RELEASED', expires_at = NULL, release_reason = ${reason}, updated_at = now()
    WHERE id = ${known.id}`;
  return { kind: 'released', reservation: { ...known, status: 'RELEASED', expiresAt: null } };
}

/** Leaves a tombstone; when a reserve was quicker, its reservation is locked and given instead. */
async function buryUnlessMade(
  tx: InventoryTransaction,
  orderId: string,
  reason: string | null,
): Promise<ReservationRow | null> {
  const buried = await tx.$executeRaw`
    INSERT INTO reservation (id, order_id, status, release_reason)
    VALUES (${newId('reservation')}, ${orderId}, 'RELEASED', ${reason}) ON CONFLICT (order_id) DO NOTHING`;
  return buried === 1 ? null : lockReservation(tx, orderId);
}
