import { newId } from '@mercato/ids';
import type { ReservationStatus } from '../../generated/prisma/client.ts';
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
import { lockSkus } from '../sku-lock.ts';
import { giveBack, type HoldOutcome, holdLines, mergeChanges } from './hold.ts';
import { holdsExactly, isOpen, lockReservation, type ReservationRow } from './reservation.ts';

export interface ReserveRequest {
  readonly orderId: string;
  readonly lines: readonly StockLine[];
  readonly country: string | null;
  readonly expiresAt: Date;
}

type Refusal =
  | Exclude<HoldOutcome, { kind: 'held' }>
  /** It was given back for good: the order is not to be placed any more. */
  | { kind: 'released' }
  | InvalidInput;

export type ReserveOutcome = { kind: 'reserved'; reservation: ReservationRow } | Refusal;

const maxLines = 500;

/** A refusal leaves no trace: it leaves the transaction as an exception, which rolls back. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

/**
 * Holds all lines of an order, or none. For an order that holds these lines already it extends the hold; one that
 * holds others, unconfirmed, has them replaced, or keeps them when the new ones cannot be had; one whose hold lapsed
 * is held anew. After a release it is refused.
 */
export async function reserveStock(db: InventoryDatabase, request: ReserveRequest): Promise<ReserveOutcome> {
  const fault = firstFault(
    checkText(request.orderId, 'orderId'),
    checkLines(request.lines, maxLines),
    request.expiresAt.getTime() <= Date.now()
      ? invalid('`expiresAt` has passed; give an instant to come.', 'expiresAt')
      : undefined,
  );
  if (fault) return fault;
  try {
    const reservation = await db.$transaction((tx) => reserve(tx, { ...request, lines: sumBySku(request.lines) }));
    return { kind: 'reserved', reservation };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

async function reserve(tx: InventoryTransaction, request: ReserveRequest): Promise<ReservationRow> {
  const { claimed, isNew } = await claimOrder(tx, request);
  if (isNew) return holdFor(tx, claimed, request);

  const known = await lockReservation(tx, request.orderId);
  if (!known) throw new Error('A reservation vanished while it was locked.');
  if (known.status === 'RELEASED') throw new Refused({ kind: 'released' });
  if (known.status === 'FULFILLED') return known;
  const same = holdsExactly(known, request.lines);
  if (known.status === 'CONFIRMED') {
    if (same) return known;
    throw new Refused(invalid('`lines` differ from those this order has confirmed; release it first.', 'lines'));
  }
  if (known.status === 'HELD' && same) return extendHold(tx, known, request.expiresAt);
  return holdFor(tx, known, request);
}

interface ClaimedRow {
  id: string;
  status: ReservationStatus;
  createdAt: Date;
  isNew: boolean;
}

/** Makes the order's reservation, or locks the one it has; of several callers one makes it and the others wait. */
async function claimOrder(tx: InventoryTransaction, { orderId, country, expiresAt }: ReserveRequest) {
  const [row] = await tx.$queryRaw<ClaimedRow[]>`
    INSERT INTO reservation AS r (id, order_id, status, country, expires_at)
    VALUES (${newId('reservation')}, ${orderId}, 'HELD', ${country}, ${expiresAt})
    ON CONFLICT (order_id) DO UPDATE SET country = r.country
    RETURNING id, status, created_at AS "createdAt", xmax = 0 AS "isNew"`;
  if (!row) throw new Error('A reservation was neither made nor found.');
  const { isNew, ...claimed } = row;
  return {
    isNew,
    claimed: { ...claimed, orderId, country, expiresAt, updatedAt: row.createdAt, lines: [] } satisfies ReservationRow,
  };
}

async function extendHold(tx: InventoryTransaction, known: ReservationRow, expiresAt: Date): Promise<ReservationRow> {
  await tx.$executeRaw`UPDATE reservation SET expires_at = ${expiresAt}, updated_at = now() WHERE id = ${known.id}`;
  return { ...known, expiresAt };
}

/** Holds what the request wants in place of what the reservation held, if anything. */
async function holdFor(
  tx: InventoryTransaction,
  known: ReservationRow,
  { lines, country, expiresAt }: ReserveRequest,
): Promise<ReservationRow> {
  const locked = await lockSkus(
    tx,
    [...lines, ...known.lines].map(({ sku }) => sku),
  );
  const given = isOpen(known) ? await giveBack(tx, known.lines) : [];
  if (known.lines.length > 0) {
    await tx.reservationLine.deleteMany({ where: { reservationId: known.id } });
    await tx.$executeRaw`
      UPDATE reservation SET status = 'HELD', country = ${country}, expires_at = ${expiresAt}, updated_at = now()
      WHERE id = ${known.id}`;
  }
  const held = await holdLines(tx, { id: known.id, status: 'HELD' }, locked, lines, country);
  if (held.kind !== 'held') throw new Refused(held);
  await tellConsequences(tx, locked, mergeChanges(given, held.levels));
  return { ...known, status: 'HELD', country, expiresAt, lines: held.lines };
}
