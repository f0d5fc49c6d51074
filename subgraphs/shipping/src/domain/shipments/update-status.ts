import { newId } from '@mercato/ids';
import { recordEvent } from '@mercato/outbox';
import { shipmentDelivered } from '../../events/index.ts';
import type { ShippingDatabase } from '../database.ts';
import { lockShipment, type Shipment, type ShipmentStatus } from './shipment.ts';
import { canBecome } from './status-machine.ts';

export type UpdateStatusOutcome =
  | { readonly kind: 'updated'; readonly shipment: Shipment }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'transition-refused'; readonly status: ShipmentStatus }
  | { readonly kind: 'invalid-input'; readonly message: string; readonly path: readonly string[] };

/** Clocks of carriers and ours differ a little; further ahead is a mistake. */
const toleratedAheadMs = 5 * 60_000;

/** Notes where a carrier says a parcel is. The same place and instant again changes nothing. */
export async function updateShipmentStatus(
  db: ShippingDatabase,
  input: {
    readonly shipmentId: string;
    readonly status: ShipmentStatus;
    readonly at?: Date | null | undefined;
    readonly location?: string | null | undefined;
  },
): Promise<UpdateStatusOutcome> {
  const at = input.at ?? new Date();
  if (at.getTime() > Date.now() + toleratedAheadMs) {
    return { kind: 'invalid-input', message: 'A status cannot be noted before it is reached.', path: ['at'] };
  }
  const location = input.location?.trim() || null;
  return db.$transaction(async (tx) => {
    const shipment = await lockShipment(tx, input.shipmentId);
    if (!shipment) return { kind: 'not-found' };
    if (shipment.status === input.status) return { kind: 'updated', shipment };
    if (!canBecome(shipment.status, input.status)) return { kind: 'transition-refused', status: shipment.status };

    const version = shipment.version + 1;
    await tx.shipment.update({
      where: { id: shipment.id },
      data: {
        status: input.status,
        version,
        events: { create: { id: newId('shipmentevent'), status: input.status, at, location } },
      },
    });
    if (input.status === 'DELIVERED') {
      const payload = { shipmentId: shipment.id, orderId: shipment.orderId, at: at.toISOString() };
      await recordEvent(tx, shipmentDelivered, { aggregateId: shipment.id, version, payload });
    }
    const events = [...shipment.events, { status: input.status, at, location }];
    return { kind: 'updated', shipment: { ...shipment, status: input.status, version, events } };
  });
}
