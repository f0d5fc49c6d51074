import { Prisma, type ReservationStatus } from '../../../generated/prisma/client.ts';
import type { InventoryDatabase, InventoryTransaction } from '../../database.ts';
import { confirm } from '../../reservation/confirm.ts';
import { release } from '../../reservation/release.ts';
import {
  lockReservation,
  openUnits,
  type ReservationLineRow,
  type ReservationRow,
} from '../../reservation/reservation.ts';
import type { KnownOrder } from '../orders.ts';
import type { ReconciliationParts } from '../parts.ts';
import { type Finding, recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { cursorText, takeTurn } from '../turn.ts';

const pageSize = 200;

interface OpenReservation {
  readonly id: string;
  readonly orderId: string;
  readonly status: ReservationStatus;
}

/** What is wrong with an open reservation, given its order. */
export type ReservationVerdict = 'fine' | 'orphan' | 'unconfirmed';

/** An order that is being placed is left to its saga; one whose goods are under way, to the events about them. */
export function judge(reservation: Pick<OpenReservation, 'status'>, order: KnownOrder | undefined): ReservationVerdict {
  if (!order || order.status === 'CANCELLED' || order.status === 'FAILED') return 'orphan';
  return order.status === 'PLACED' && reservation.status === 'HELD' ? 'unconfirmed' : 'fine';
}

/** Matches a page of open reservations with their orders, past the grace that a checkout at work is given. */
export async function compareReservations(parts: ReconciliationParts, run: RunRow): Promise<RunRow> {
  const { db, orders, settings } = parts;
  const page = await openReservations(db, run, settings.graceMs);
  const known = await orders.byId(page.map(({ orderId }) => orderId));
  let mine = run;
  for (const reservation of page) {
    const verdict = judge(reservation, known.get(reservation.orderId));
    if (verdict !== 'fine') mine = await heal(parts, mine, reservation, verdict);
  }
  const last = page.at(-1);
  if (last && page.length === pageSize) return takeTurn(db, mine, { cursor: { id: last.id } });
  return takeTurn(db, mine, { step: 'PLACED_ORDERS', cursor: null });
}

function openReservations(db: InventoryDatabase, run: RunRow, graceMs: number): Promise<OpenReservation[]> {
  const { warehouseId, skus } = run;
  const whole = warehouseId === null && skus.length === 0;
  return db.$queryRaw<OpenReservation[]>`
    SELECT r.id, r.order_id AS "orderId", r.status FROM reservation r
    WHERE r.status IN ('HELD', 'CONFIRMED') AND r.id > ${cursorText(run, 'id') ?? ''}
      AND r.updated_at < now() - make_interval(secs => ${graceMs / 1_000})
      AND ${
        whole
          ? Prisma.sql`TRUE`
          : Prisma.sql`EXISTS (SELECT FROM reservation_line l WHERE l.reservation_id = r.id
              AND (${warehouseId}::text IS NULL OR l.warehouse_id = ${warehouseId})
              AND (${skus.length === 0} OR l.sku = ANY(${skus}::text[])))`
      }
    ORDER BY r.id LIMIT ${pageSize}`;
}

async function heal(
  { db, settings }: ReconciliationParts,
  run: RunRow,
  seen: OpenReservation,
  verdict: Exclude<ReservationVerdict, 'fine'>,
): Promise<RunRow> {
  return db.$transaction(async (tx) => {
    const mine = await takeTurn(tx, run);
    const now = await lockReservation(tx, seen.orderId);
    // Someone was at it since the order was asked for: the next run sees what they made of it.
    const untouched = now?.status === seen.status && Date.now() - now.updatedAt.getTime() >= settings.graceMs;
    if (!now || !untouched) return mine;
    if (verdict === 'orphan') await releaseOrphan(tx, mine, now);
    else await confirmLate(tx, mine, now);
    return mine;
  });
}

async function releaseOrphan(tx: InventoryTransaction, run: RunRow, { orderId, lines }: ReservationRow): Promise<void> {
  const findings = lines.map(
    (line): Finding => ({
      ...about(line, orderId),
      kind: 'ORPHANED_RESERVATION',
      expected: openUnits(line),
      actual: 0,
      cause: 'MISSED_RELEASE',
    }),
  );
  await release(tx, orderId, 'reconciliation: the order is not placed');
  await recordFindings(tx, run, findings, { orphaned: 1 });
}

async function confirmLate(tx: InventoryTransaction, run: RunRow, { orderId, lines }: ReservationRow): Promise<void> {
  const findings = lines.map(
    (line): Finding => ({
      ...about(line, orderId),
      kind: 'MISSING_RESERVATION',
      expected: 0,
      actual: openUnits(line),
      cause: 'MISSED_CONFIRMATION',
    }),
  );
  await confirm(tx, orderId);
  await recordFindings(tx, run, findings, { orphaned: 1 });
}

const about = ({ sku, warehouseId }: ReservationLineRow, orderId: string) => ({
  sku,
  warehouseId,
  healed: true,
  orderIds: [orderId],
});
