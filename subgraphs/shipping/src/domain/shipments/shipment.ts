import type { ShipmentStatus } from '../../generated/prisma/client.ts';
import type { ShippingDatabase, ShippingTransaction } from '../database.ts';

export type { ShipmentStatus };

/** A parcel. */
export interface Shipment {
  readonly id: string;
  readonly orderId: string;
  /** Code of the warehouse it leaves from; empty when none was named. */
  readonly warehouse: string;
  readonly status: ShipmentStatus;
  readonly carrier: string;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly version: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly events: readonly { readonly status: ShipmentStatus; readonly at: Date; readonly location: string | null }[];
}

interface ShipmentRow extends Omit<Shipment, 'events'> {
  events: { status: ShipmentStatus; at: string; location: string | null }[];
}

/** Shipments by their own id or by their order's, each with lines and events, in the order made. One statement. */
export async function readShipments(
  db: ShippingDatabase | ShippingTransaction,
  where: { readonly ids: readonly string[] } | { readonly orderIds: readonly string[] },
): Promise<Shipment[]> {
  const ids = 'ids' in where ? [...where.ids] : [];
  const orderIds = 'orderIds' in where ? [...where.orderIds] : [];
  const rows = await db.$queryRaw<ShipmentRow[]>`
    SELECT s.id, s.order_id AS "orderId", s.warehouse, s.status::text, s.carrier, s.version,
      s.tracking_number AS "trackingNumber", s.tracking_url AS "trackingUrl",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) ORDER BY l.sku), '[]')
        FROM shipment_line l WHERE l.shipment_id = s.id) AS lines,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('status', e.status, 'at', e.at, 'location', e.location)
        ORDER BY e.at, e.id), '[]') FROM shipment_event e WHERE e.shipment_id = s.id) AS events
    FROM shipment s WHERE s.id = ANY(${ids}::text[]) OR s.order_id = ANY(${orderIds}::text[])
    ORDER BY s.created_at, s.id`;
  return rows.map(({ events, ...row }) => ({
    ...row,
    events: events.map(({ at, ...event }) => ({ ...event, at: new Date(at) })),
  }));
}

/** The shipment, kept from others until the transaction ends. */
export async function lockShipment(tx: ShippingTransaction, id: string): Promise<Shipment | null> {
  await tx.$queryRaw`SELECT id FROM shipment WHERE id = ${id} FOR UPDATE`;
  const [shipment] = await readShipments(tx, { ids: [id] });
  return shipment ?? null;
}
