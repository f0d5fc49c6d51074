import type { Reservation, ReservationLine } from '../../generated/prisma/client.ts';
import type { InventoryReader, InventoryTransaction } from '../database.ts';
import type { StockLine } from '../input-check.ts';

export type ReservationLineRow = Pick<ReservationLine, 'id' | 'sku' | 'warehouseId' | 'quantity' | 'fulfilledQuantity'>;

/** A reservation with its lines. */
export interface ReservationRow
  extends Pick<Reservation, 'id' | 'orderId' | 'status' | 'country' | 'expiresAt' | 'createdAt' | 'updatedAt'> {
  readonly lines: readonly ReservationLineRow[];
}

const select = {
  id: true,
  orderId: true,
  status: true,
  country: true,
  expiresAt: true,
  createdAt: true,
  updatedAt: true,
  lines: {
    select: { id: true, sku: true, warehouseId: true, quantity: true, fulfilledQuantity: true },
    orderBy: [{ sku: 'asc' as const }, { warehouseId: 'asc' as const }],
  },
};

/** Holds stock now. */
export const isOpen = ({ status }: Pick<ReservationRow, 'status'>): boolean =>
  status === 'HELD' || status === 'CONFIRMED';

/** Units of a line that are still promised. */
export const openUnits = ({ quantity, fulfilledQuantity }: ReservationLineRow): number => quantity - fulfilledQuantity;

/** Released before it was ever made: it only refuses a late reserve. */
export const isTombstone = ({ status, lines }: ReservationRow): boolean => status === 'RELEASED' && lines.length === 0;

/** Locks the order's reservation until the transaction ends. It comes before the locks of skus. */
export async function lockReservation(tx: InventoryTransaction, orderId: string): Promise<ReservationRow | null> {
  const [locked] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM reservation WHERE order_id = ${orderId} FOR UPDATE`;
  // Read only now: lines that were read while waiting for the lock might be those of before.
  return locked ? readReservation(tx, locked.id) : null;
}

/** With its lines in one statement: it is read twice in every order. */
async function readReservation(tx: InventoryTransaction, id: string): Promise<ReservationRow | null> {
  const [row] = await tx.$queryRaw<ReservationRow[]>`
    SELECT r.id, r.order_id AS "orderId", r.status::text AS status, r.country, r.expires_at AS "expiresAt",
      r.created_at AS "createdAt", r.updated_at AS "updatedAt",
      coalesce((
        SELECT json_agg(json_build_object('id', l.id, 'sku', l.sku, 'warehouseId', l.warehouse_id,
          'quantity', l.quantity, 'fulfilledQuantity', l.fulfilled_quantity) ORDER BY l.sku, l.warehouse_id)
        FROM reservation_line l WHERE l.reservation_id = r.id
      ), '[]') AS lines
    FROM reservation r WHERE r.id = ${id}`;
  return row ?? null;
}

export const reservationsById = (db: InventoryReader, ids: readonly string[]): Promise<ReservationRow[]> =>
  db.reservation.findMany({ where: { id: { in: [...ids] } }, select });

/** Whether a reservation holds exactly these units of these skus, wherever they lie. */
export function holdsExactly({ lines }: ReservationRow, wanted: readonly StockLine[]): boolean {
  const held = new Map<string, number>();
  for (const { sku, quantity } of lines) held.set(sku, (held.get(sku) ?? 0) + quantity);
  return held.size === wanted.length && wanted.every(({ sku, quantity }) => held.get(sku) === quantity);
}
