import { newId } from '@mercato/ids';
import { tellConsequences } from '../consequences.ts';
import type { InventoryTransaction } from '../database.ts';
import { type StockLine, sumBySku } from '../input-check.ts';
import { lockSkus } from '../sku-lock.ts';
import type { AllocateOutcome } from './allocate.ts';
import { StockGone } from './confirm.ts';
import { holdLines } from './hold.ts';
import { isOpen, lockReservation, type ReservationRow } from './reservation.ts';

export interface PlacedOrder {
  readonly orderId: string;
  readonly country: string | null;
  readonly lines: readonly StockLine[];
}

/** Carries why stock could not be held out of the transaction, which rolls back. */
export class CannotReserve extends StockGone {
  readonly outcome: Exclude<AllocateOutcome, { kind: 'allocated' }>;
  constructor(outcome: Exclude<AllocateOutcome, { kind: 'allocated' }>) {
    super();
    this.outcome = outcome;
  }
}

/** Locks the order's reservation, which is made, holding nothing yet, when there is none. */
export async function claimPlaced(
  tx: InventoryTransaction,
  { orderId, country }: Omit<PlacedOrder, 'lines'>,
): Promise<{ reservation: ReservationRow; isNew: boolean }> {
  const made = await tx.$executeRaw`
    INSERT INTO reservation (id, order_id, status, country)
    VALUES (${newId('reservation')}, ${orderId}, 'CONFIRMED', ${country}) ON CONFLICT (order_id) DO NOTHING`;
  const reservation = await lockReservation(tx, orderId);
  if (!reservation) throw new Error('A reservation was neither made nor found.');
  return { reservation, isNew: made === 1 };
}

/**
 * Holds units firmly for an order that is known to be placed, whatever became of its reservation before. Units it
 * still holds stay. The reservation is locked by `claimPlaced`.
 * @throws CannotReserve
 */
export async function reservePlaced(
  tx: InventoryTransaction,
  reservation: ReservationRow,
  { country, lines }: PlacedOrder,
): Promise<void> {
  const wanted = sumBySku(lines);
  const locked = await lockSkus(
    tx,
    wanted.map(({ sku }) => sku),
  );
  if (!isOpen(reservation)) await tx.reservationLine.deleteMany({ where: { reservationId: reservation.id } });
  await tx.$executeRaw`
    UPDATE reservation SET status = 'CONFIRMED', country = coalesce(${country}, country), expires_at = NULL,
      release_reason = NULL, updated_at = now() WHERE id = ${reservation.id}`;
  const claimed = { id: reservation.id, status: 'CONFIRMED' as const };
  const held = await holdLines(tx, claimed, locked, wanted, country ?? reservation.country);
  if (held.kind !== 'held') throw new CannotReserve(held);
  await tellConsequences(tx, locked, held.levels);
}
