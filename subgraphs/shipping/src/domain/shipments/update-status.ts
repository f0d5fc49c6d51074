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

/** Longer than any place that a carrier names. */
const longestLocation = 200;

/** Notes where a carrier says a parcel is. The same again changes nothing; the same status at another place is news. */
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
  if (location && (location.length > longestLocation || location.includes('\0'))) {
    const message = `A location has at most ${longestLocation} characters, and no NUL among them.`;
    return { kind: 'invalid-input', message, path: ['location'] };
  }
  return db.$transaction(async (tx) => {
    const shipment = await lockShipment(tx, input.shipmentId);
    if (!shipment) return { kind: 'not-found' };
    const stays = shipment.status === input.status;
    if (stays && !isNews(shipment, { at: input.at ?? null, location })) return { kind: 'updated', shipment };
    if (!stays && !canBecome(shipment.status, input.status))
      return { kind: 'transition-refused', status: shipment.status };

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

/** Whether a parcel was seen again on its way, elsewhere or at another time. Leaving and arriving happen once. */
function isNews(
  { status, events }: Shipment,
  { at, location }: { readonly at: Date | null; readonly location: string | null },
): boolean {
  if (!onTheWay.has(status)) return false;
  const same = events.filter((event) => event.status === status && event.location === location);
  return at === null ? same.at(-1) !== events.at(-1) : !same.some((event) => event.at.getTime() === at.getTime());
}

const onTheWay: ReadonlySet<ShipmentStatus> = new Set(['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'EXCEPTION']);
