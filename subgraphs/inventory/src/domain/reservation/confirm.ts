import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { sumBySku } from '../input-check.ts';
import { lockSkus } from '../sku-lock.ts';
import { holdLines } from './hold.ts';
import { isTombstone, lockReservation, type ReservationRow } from './reservation.ts';

export type ConfirmOutcome =
  | { kind: 'confirmed'; reservation: ReservationRow }
  | { kind: 'not-found' }
  /** It was given back, or it lapsed and its stock went to others meanwhile. */
  | { kind: 'released' };

/** Makes a hold firm, so that it no longer lapses; one that had lapsed is held again, or refused. Safe to repeat. */
export async function confirmReservation(db: InventoryDatabase, orderId: string): Promise<ConfirmOutcome> {
  try {
    return await db.$transaction((tx) => confirm(tx, orderId));
  } catch (error) {
    if (error instanceof StockGone) return { kind: 'released' };
    throw error;
  }
}

/** What had lapsed cannot be held again. It leaves the transaction as an exception, which rolls back. */
export class StockGone extends Error {
  override readonly name = 'StockGone';
}

/** The same within a transaction that holds no locks of skus. */
export async function confirm(tx: InventoryTransaction, orderId: string): Promise<ConfirmOutcome> {
  const known = await lockReservation(tx, orderId);
  if (!known || isTombstone(known)) return known ? { kind: 'released' } : { kind: 'not-found' };
  switch (known.status) {
    case 'RELEASED':
      return { kind: 'released' };
    case 'CONFIRMED':
    case 'FULFILLED':
      return { kind: 'confirmed', reservation: known };
    case 'HELD':
      await markConfirmed(tx, known.id);
      return { kind: 'confirmed', reservation: { ...known, status: 'CONFIRMED', expiresAt: null } };
    case 'EXPIRED':
      return holdAgainConfirmed(tx, known);
  }
}

/** Holds again what a reservation that no longer holds anything once held, firmly this time. It is locked. */
export async function holdAgainConfirmed(tx: InventoryTransaction, known: ReservationRow): Promise<ConfirmOutcome> {
  const wanted = sumBySku(known.lines.map(({ sku, quantity }) => ({ sku, quantity })));
  const locked = await lockSkus(
    tx,
    wanted.map(({ sku }) => sku),
  );
  await tx.reservationLine.deleteMany({ where: { reservationId: known.id } });
  await markConfirmed(tx, known.id);
  const held = await holdLines(tx, { id: known.id, status: 'CONFIRMED' }, locked, wanted, known.country);
  if (held.kind !== 'held') throw new StockGone();
  await tellConsequences(tx, locked, held.levels);
  return { kind: 'confirmed', reservation: { ...known, status: 'CONFIRMED', expiresAt: null, lines: held.lines } };
}

const markConfirmed = (tx: InventoryTransaction, id: string) =>
  tx.$executeRaw`UPDATE reservation SET status = 'CONFIRMED', expires_at = NULL, updated_at = now() WHERE id = ${id}`;
