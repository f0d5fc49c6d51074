import { tellConsequences } from '../consequences.ts';
import type { InventoryTransaction } from '../database.ts';
import { type StockLine, sumBySku } from '../input-check.ts';
import { bookMovements, changeReserved } from '../level-change.ts';
import { lockSkusOrCreate } from '../sku-lock.ts';
import { mergeChanges } from './hold.ts';
import { isOpen, lockReservation, openUnits, type ReservationLineRow, type ReservationRow } from './reservation.ts';

export interface Dispatch {
  readonly shipmentId: string;
  readonly orderId: string;
  /** Code or id. */
  readonly warehouse: string;
  readonly lines: readonly StockLine[];
  readonly dispatchedAt: Date;
  readonly actor: string;
}

export interface Fulfilment {
  readonly line: ReservationLineRow;
  readonly units: number;
}

/**
 * Which reserved units went out with a shipment: those at the warehouse that sent it first, then those elsewhere.
 * More may have been sent than was reserved; that takes nothing more from the reservation.
 */
export function fulfilmentsOf(
  lines: readonly ReservationLineRow[],
  shipped: readonly StockLine[],
  warehouseId: string,
): Fulfilment[] {
  return shipped.flatMap(({ sku, quantity }) => {
    let left = quantity;
    const ofSku = lines.filter((line) => line.sku === sku && openUnits(line) > 0);
    const here = ofSku.filter((line) => line.warehouseId === warehouseId);
    const elsewhere = ofSku.filter((line) => line.warehouseId !== warehouseId);
    return [...here, ...elsewhere].flatMap((line): Fulfilment[] => {
      const units = Math.min(left, openUnits(line));
      left -= units;
      return units > 0 ? [{ line, units }] : [];
    });
  });
}

/**
 * Goods left: on hand and reserved fall, and a sale is booked for each line. What has left the house is booked even
 * where nothing was reserved for it. A shipment is booked once, however often it is told of.
 */
export async function bookDispatch(tx: InventoryTransaction, dispatch: Dispatch): Promise<void> {
  const { shipmentId, orderId, lines, dispatchedAt, actor } = dispatch;
  const warehouse = await tx.warehouse.findFirst({
    where: { OR: [{ code: dispatch.warehouse }, { id: dispatch.warehouse }] },
  });
  if (!warehouse)
    throw new Error(`Shipment ${shipmentId} left from the warehouse ${dispatch.warehouse}, which is not known.`);
  const reservation = await lockReservation(tx, orderId);
  const shipped = await notYetBooked(tx, shipmentId, sumBySku(lines));
  if (shipped.length === 0) return;

  const fulfilments = reservation && isOpen(reservation) ? fulfilmentsOf(reservation.lines, shipped, warehouse.id) : [];
  const locked = await lockSkusOrCreate(
    tx,
    shipped.map(({ sku }) => sku),
  );
  const sold = await bookMovements(
    tx,
    shipped.map(({ sku, quantity }) => ({
      sku,
      warehouseId: warehouse.id,
      type: 'SALE',
      quantity: -quantity,
      reference: orderId,
      sourceKey: sourceKeyOf(shipmentId, sku),
    })),
    { actor, effectiveAt: dispatchedAt },
  );
  const freed = await changeReserved(
    tx,
    fulfilments.map(({ line, units }) => ({ sku: line.sku, warehouseId: line.warehouseId, delta: -units })),
  );
  if (reservation) await recordFulfilments(tx, reservation, fulfilments);
  await tellConsequences(tx, locked, mergeChanges(sold, freed));
}

const sourceKeyOf = (shipmentId: string, sku: string) => `shipment:${shipmentId}:${sku}`;

async function notYetBooked(tx: InventoryTransaction, shipmentId: string, lines: readonly StockLine[]) {
  const booked = await tx.stockMovement.findMany({
    where: { sourceKey: { in: lines.map(({ sku }) => sourceKeyOf(shipmentId, sku)) } },
    select: { sku: true },
  });
  const known = new Set(booked.map(({ sku }) => sku));
  return lines.filter(({ sku }) => !known.has(sku));
}

async function recordFulfilments(
  tx: InventoryTransaction,
  reservation: ReservationRow,
  fulfilments: readonly Fulfilment[],
): Promise<void> {
  if (fulfilments.length === 0) return;
  await tx.$executeRaw`
    UPDATE reservation_line l SET fulfilled_quantity = l.fulfilled_quantity + f.units
    FROM unnest(${fulfilments.map(({ line }) => line.id)}::text[], ${fulfilments.map(({ units }) => units)}::int[])
      AS f(id, units) WHERE l.id = f.id`;
  const open = reservation.lines.reduce((sum, line) => sum + openUnits(line), 0);
  const left = open - fulfilments.reduce((sum, { units }) => sum + units, 0);
  // What is being sent cannot lapse any more, confirmed or not.
  const status = left > 0 ? 'CONFIRMED' : 'FULFILLED';
  await tx.$executeRaw`
    UPDATE reservation SET status = ${status}::reservation_status, expires_at = NULL, updated_at = now()
    WHERE id = ${reservation.id}`;
}
