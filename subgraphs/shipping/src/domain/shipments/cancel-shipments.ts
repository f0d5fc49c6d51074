import { newId } from '@mercato/ids';
import type { ShippingDatabase, ShippingTransaction } from '../database.ts';
import { lockOrder } from './order-lock.ts';
import { readShipments, type Shipment, type ShipmentStatus } from './shipment.ts';

export type CancelShipmentsOutcome =
  | { readonly kind: 'cancelled'; readonly shipments: readonly Shipment[] }
  /** One of them has left; none was called off. */
  | { readonly kind: 'left'; readonly status: ShipmentStatus; readonly shipments: readonly Shipment[] };

/**
 * Calls off all parcels of an order, or none when one has left. Under the locks that `dispatchShipment` takes: of a
 * clerk who cancels the order and one who sends it, at one instant, one comes too late. Safe to repeat.
 */
export const cancelShipments = (db: ShippingDatabase, orderId: string): Promise<CancelShipmentsOutcome> =>
  db.$transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const parcels = await tx.$queryRaw<{ status: ShipmentStatus }[]>`
      SELECT status::text AS status FROM shipment WHERE order_id = ${orderId} ORDER BY id FOR UPDATE`;
    const left = parcels.find(({ status }) => status !== 'PENDING' && status !== 'CANCELLED');
    if (!left) await callOffPending(tx, orderId);
    const shipments = await readShipments(tx, { orderIds: [orderId] });
    return left ? { kind: 'left', status: left.status, shipments } : { kind: 'cancelled', shipments };
  });

/** An order was cancelled: what has not left is called off. Events come in no order: its placing may be heard later. */
export async function callOffPending(tx: ShippingTransaction, orderId: string): Promise<void> {
  await lockOrder(tx, orderId);
  await tx.cancelledOrder.createMany({ data: [{ orderId }], skipDuplicates: true });
  const pending = await tx.$queryRaw<{ id: string }[]>`
    UPDATE shipment SET status = 'CANCELLED', version = version + 1
    WHERE order_id = ${orderId} AND status = 'PENDING' RETURNING id`;
  await tx.shipmentEvent.createMany({
    data: pending.map(({ id }) => ({
      id: newId('shipmentevent'),
      shipmentId: id,
      status: 'CANCELLED' as const,
      at: new Date(),
    })),
  });
}
