import { z } from 'zod';
import type { CheckoutTransaction } from '../database.ts';
import { canBecome, type OrderStatus, statusByShipments } from './status.ts';
import { addEntries } from './timeline.ts';

export interface Dispatch {
  readonly shipmentId: string;
  readonly orderId: string;
  readonly carrier: string;
  readonly trackingNumber: string | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly dispatchedAt: Date;
}

/**
 * A parcel left: the order is shipped as far as its parcels are. With the first one the money is due, all of it, as it
 * was promised for the order as a whole.
 * @returns whether it ought to have left; one of an order that was cancelled is noted for staff, and no money is taken
 */
export async function recordDispatch(tx: CheckoutTransaction, dispatch: Dispatch): Promise<'expected' | 'cancelled'> {
  const { shipmentId, orderId, carrier, trackingNumber, lines, dispatchedAt } = dispatch;
  const status = await lockOrder(tx, orderId);
  const news = await tx.$executeRaw`
    INSERT INTO order_shipment (shipment_id, order_id, lines, dispatched_at)
    VALUES (${shipmentId}, ${orderId}, ${JSON.stringify(lines)}::jsonb, ${dispatchedAt})
    ON CONFLICT (shipment_id) DO UPDATE SET lines = excluded.lines, dispatched_at = excluded.dispatched_at
    WHERE order_shipment.lines IS NULL`;
  if (news === 0) return 'expected';
  const parcel = [`A parcel left with ${carrier}`, ...(trackingNumber ? [trackingNumber] : [])].join(', ');
  const contents = lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
  await addEntries(tx, orderId, [{ kind: 'SHIPPED', actor: 'shipping', message: `${parcel}: ${contents}.` }]);
  if (status === 'CANCELLED') {
    await noteLateParcel(tx, orderId);
    return 'cancelled';
  }
  await settleStatus(tx, orderId, status);
  await tx.$executeRaw`
    UPDATE payment SET capture_due_at = now(), updated_at = now()
    WHERE order_id = ${orderId} AND status = 'AUTHORIZED' AND capture_due_at IS NULL`;
  return 'expected';
}

/** A parcel arrived. It may be heard of before it is heard that it left. */
export async function recordDelivery(
  tx: CheckoutTransaction,
  { shipmentId, orderId, at }: { readonly shipmentId: string; readonly orderId: string; readonly at: Date },
): Promise<void> {
  const status = await lockOrder(tx, orderId);
  const news = await tx.$executeRaw`
    INSERT INTO order_shipment (shipment_id, order_id, delivered_at) VALUES (${shipmentId}, ${orderId}, ${at})
    ON CONFLICT (shipment_id) DO UPDATE SET delivered_at = excluded.delivered_at
    WHERE order_shipment.delivered_at IS NULL`;
  if (news === 0) return;
  await addEntries(tx, orderId, [{ kind: 'DELIVERED', actor: 'shipping', message: 'A parcel arrived.' }]);
  await settleStatus(tx, orderId, status);
}

/** @throws Error for an order nobody knows here: the event is kept as a failed job, for staff to see. */
async function lockOrder(tx: CheckoutTransaction, orderId: string): Promise<OrderStatus> {
  const [order] = await tx.$queryRaw<{ status: OrderStatus }[]>`
    SELECT status::text AS status FROM customer_order WHERE id = ${orderId} FOR UPDATE`;
  if (!order) throw new Error(`A parcel belongs to the order ${orderId}, which is not known here.`);
  return order.status;
}

const storedLines = z.array(z.object({ sku: z.string(), quantity: z.number().int() })).nullable();

async function settleStatus(tx: CheckoutTransaction, orderId: string, status: OrderStatus): Promise<void> {
  const ordered = await tx.orderLine.findMany({ where: { orderId }, select: { sku: true, quantity: true } });
  const shipments = await tx.orderShipment.findMany({
    where: { orderId },
    select: { lines: true, deliveredAt: true },
  });
  const known = shipments.map(({ lines, deliveredAt }) => ({
    lines: storedLines.parse(lines),
    delivered: deliveredAt !== null,
  }));
  const reached = statusByShipments(ordered, known);
  if (!canBecome(status, reached)) return;
  await tx.order.update({ where: { id: orderId }, data: { status: reached, version: { increment: 1 } } });
}

const noteLateParcel = (tx: CheckoutTransaction, orderId: string): Promise<void> =>
  addEntries(tx, orderId, [
    {
      kind: 'NOTE',
      actor: 'checkout',
      message:
        'The parcel left although the order was cancelled: no money is taken for it. Have the carrier bring it back, or ask the customer for it.',
    },
  ]);
