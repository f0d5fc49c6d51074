import { once } from '@mercato/idempotency';
import { newId } from '@mercato/ids';
import { recordEvent } from '@mercato/outbox';
import { shipmentDispatched } from '../../events/index.ts';
import type { ShippingDatabase, ShippingTransaction } from '../database.ts';
import { lockShipment, type Shipment, type ShipmentStatus } from './shipment.ts';
import { trackingUrlOf } from './tracking-url.ts';

export interface DispatchInput {
  readonly shipmentId: string;
  readonly carrier?: string | null | undefined;
  readonly trackingNumber?: string | null | undefined;
  readonly trackingUrl?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export type DispatchOutcome =
  | { readonly kind: 'dispatched'; readonly shipment: Shipment }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-dispatchable'; readonly status: ShipmentStatus }
  | { readonly kind: 'invalid-input'; readonly message: string; readonly path: readonly string[] }
  | { readonly kind: 'key-reused' };

/**
 * Hands a parcel to its carrier, and tells so: stock leaves the ledger, payment is captured, the order is on its way.
 * Repeating it with the same tracking number changes nothing.
 * @param actor who asks, such as a staff member's id: keys of two never meet
 */
export async function dispatchShipment(
  db: ShippingDatabase,
  { idempotencyKey, ...input }: DispatchInput,
  actor: string,
): Promise<DispatchOutcome> {
  const invalid = findInvalid({ ...input, idempotencyKey });
  if (invalid) return invalid;
  return db.$transaction(async (tx) => {
    if (!idempotencyKey) return dispatchWithin(tx, input);
    let outcome: DispatchOutcome = { kind: 'key-reused' };
    const claim = { scope: `shipmentDispatch:${actor}`, key: idempotencyKey, input };
    const claimed = await once(
      tx,
      claim,
      async () => {
        outcome = await dispatchWithin(tx, input);
        return outcome.kind;
      },
      (kind) => kind === 'dispatched',
    );
    if (claimed.kind !== 'repeated') return outcome;
    const shipment = await lockShipment(tx, input.shipmentId);
    return shipment ? { kind: 'dispatched', shipment } : { kind: 'not-found' };
  });
}

async function dispatchWithin(
  tx: ShippingTransaction,
  input: Omit<DispatchInput, 'idempotencyKey'>,
): Promise<DispatchOutcome> {
  const shipment = await lockShipment(tx, input.shipmentId);
  if (!shipment) return { kind: 'not-found' };
  const trackingNumber = input.trackingNumber?.trim() || null;
  if (shipment.status === 'DISPATCHED' && shipment.trackingNumber === trackingNumber)
    return { kind: 'dispatched', shipment };
  if (shipment.status !== 'PENDING') return { kind: 'not-dispatchable', status: shipment.status };

  const carrier = input.carrier?.trim() || shipment.carrier;
  const trackingUrl = input.trackingUrl?.trim() || (trackingNumber ? trackingUrlOf(carrier, trackingNumber) : null);
  const at = new Date();
  const version = shipment.version + 1;
  await tx.shipment.update({
    where: { id: shipment.id },
    data: {
      status: 'DISPATCHED',
      carrier,
      trackingNumber,
      trackingUrl,
      version,
      events: { create: { id: newId('shipmentevent'), status: 'DISPATCHED', at } },
    },
  });
  await recordEvent(tx, shipmentDispatched, {
    aggregateId: shipment.id,
    version,
    payload: {
      shipmentId: shipment.id,
      orderId: shipment.orderId,
      warehouse: shipment.warehouse,
      carrier,
      trackingNumber,
      lines: [...shipment.lines],
      dispatchedAt: at.toISOString(),
    },
  });
  const events = [...shipment.events, { status: 'DISPATCHED' as const, at, location: null }];
  return {
    kind: 'dispatched',
    shipment: { ...shipment, status: 'DISPATCHED', carrier, trackingNumber, trackingUrl, version, events },
  };
}

const longest = 200;
const longestUrl = 2_000;

function findInvalid({ carrier, trackingNumber, trackingUrl, idempotencyKey }: DispatchInput): DispatchOutcome | null {
  for (const [field, value] of Object.entries({ carrier, trackingNumber, idempotencyKey })) {
    if (value && (value.length > longest || value.includes('\0'))) {
      const message = `\`${field}\` has at most ${longest} characters, and no NUL among them.`;
      return { kind: 'invalid-input', message, path: [field] };
    }
  }
  if (trackingUrl && trackingUrl.length > longestUrl) {
    return {
      kind: 'invalid-input',
      message: `A tracking address has at most ${longestUrl} characters.`,
      path: ['trackingUrl'],
    };
  }
  if (trackingUrl && !(URL.canParse(trackingUrl) && /^https?:$/.test(new URL(trackingUrl).protocol))) {
    const message = 'A tracking address begins with https:// or http://.';
    return { kind: 'invalid-input', message, path: ['trackingUrl'] };
  }
  return null;
}
