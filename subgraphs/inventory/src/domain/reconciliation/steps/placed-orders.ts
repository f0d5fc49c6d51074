import type { InventoryReader, InventoryTransaction } from '../../database.ts';
import { sumBySku } from '../../input-check.ts';
import { isOpen, type ReservationRow } from '../../reservation/reservation.ts';
import { CannotReserve, claimPlaced, reservePlaced } from '../../reservation/reserve-placed.ts';
import { closeMissingReservation } from '../close.ts';
import type { KnownOrder } from '../orders.ts';
import type { ReconciliationParts } from '../parts.ts';
import { type Finding, recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { cursorText, takeTurn } from '../turn.ts';

/** What a placed order misses. A sku counts as reserved also when its units have left already. */
export function missingUnits(order: KnownOrder, reservation: ReservationRow | undefined) {
  if (reservation?.status === 'FULFILLED') return [];
  const held = new Map<string, number>();
  if (reservation && isOpen(reservation)) {
    for (const { sku, quantity } of reservation.lines) held.set(sku, (held.get(sku) ?? 0) + quantity);
  }
  return sumBySku(order.lines).flatMap(({ sku, quantity }) => {
    const missing = quantity - (held.get(sku) ?? 0);
    return missing > 0 ? [{ sku, quantity: missing }] : [];
  });
}

/** Looks for placed orders without their reservation, a page at a time; what can be reserved again is. */
export async function comparePlacedOrders(parts: ReconciliationParts, run: RunRow): Promise<RunRow> {
  const { db, orders, settings } = parts;
  // An order does not say which warehouse it would be served from.
  if (run.warehouseId !== null) return takeTurn(db, run, { step: 'COUNTS', cursor: null });
  const started = (run.startedAt ?? run.createdAt).getTime();
  const span = { after: new Date(started - settings.lookbackMs), before: new Date(started - settings.graceMs) };
  const page = await orders.placedBetween(span, cursorText(run, 'after'));
  const placed = page.orders.filter(({ status, lines }) => status === 'PLACED' && concerns(run, lines));
  const known = await reservationsOf(db, placed);
  let mine = run;
  for (const order of placed) {
    if (missingUnits(order, known.get(order.id)).length > 0) mine = await heal(parts, mine, order);
  }
  const next =
    page.endCursor === null ? { step: 'COUNTS' as const, cursor: null } : { cursor: { after: page.endCursor } };
  return takeTurn(db, mine, next);
}

const concerns = ({ skus }: RunRow, lines: KnownOrder['lines']): boolean =>
  skus.length === 0 || lines.some(({ sku }) => skus.includes(sku));

async function reservationsOf(db: InventoryReader, orders: readonly KnownOrder[]) {
  const rows = await db.reservation.findMany({
    where: { orderId: { in: orders.map(({ id }) => id) } },
    include: { lines: true },
  });
  return new Map<string, ReservationRow>(rows.map((row) => [row.orderId, row]));
}

async function heal({ db, settings }: ReconciliationParts, run: RunRow, order: KnownOrder): Promise<RunRow> {
  try {
    return await db.$transaction(async (tx) => {
      const mine = await takeTurn(tx, run);
      const { country, id: orderId } = order;
      const { reservation, isNew } = await claimPlaced(tx, { orderId, country });
      // A checkout or a cancellation is at it, or has just been: the next run sees what they made of it.
      const recent = !isNew && Date.now() - reservation.updatedAt.getTime() < settings.graceMs;
      const missing = missingUnits(order, reservation);
      if (recent || missing.length === 0) return mine;
      await reservePlaced(tx, reservation, { orderId, country, lines: missing });
      await closeMissingReservation(tx, orderId, 'A later run reserved the goods.');
      const cause = reservation.status === 'EXPIRED' ? 'MISSED_CONFIRMATION' : 'UNKNOWN';
      await recordFindings(tx, mine, findingsOf(order, missing, { cause, healed: true }), { orphaned: 1 });
      return mine;
    });
  } catch (error) {
    if (!(error instanceof CannotReserve)) throw error;
    return db.$transaction((tx) => report(tx, run, order));
  }
}

/** Leaves to staff what cannot be reserved again; what waits for them already is not told twice. */
async function report(tx: InventoryTransaction, run: RunRow, order: KnownOrder): Promise<RunRow> {
  const mine = await takeTurn(tx, run);
  const reservation = (await reservationsOf(tx, [order])).get(order.id);
  const told = await tx.discrepancy.findMany({
    where: { kind: 'MISSING_RESERVATION', orderIds: { has: order.id }, resolution: { in: ['PENDING', 'KEEP_SYSTEM'] } },
    select: { sku: true },
  });
  const known = new Set(told.map(({ sku }) => sku));
  const missing = missingUnits(order, reservation).filter(({ sku }) => !known.has(sku));
  if (missing.length === 0) return mine;
  const cause = reservation?.status === 'EXPIRED' ? 'MISSED_CONFIRMATION' : 'UNKNOWN';
  await recordFindings(tx, mine, findingsOf(order, missing, { cause, healed: false }), { orphaned: 1 });
  return mine;
}

const findingsOf = (
  { id }: KnownOrder,
  missing: readonly { sku: string; quantity: number }[],
  about: Pick<Finding, 'cause' | 'healed'>,
): Finding[] =>
  missing.map(({ sku, quantity }) => ({
    ...about,
    kind: 'MISSING_RESERVATION',
    sku,
    warehouseId: null,
    expected: 0,
    actual: quantity,
    orderIds: [id],
  }));
