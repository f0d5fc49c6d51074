import { defineEvent, on } from '@mercato/outbox';
import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import type { CheckoutTransaction } from '../domain/database.ts';
import { recordDelivery, recordDispatch } from '../domain/order/shipments.ts';

/** What checkout reads of shipping's events; they may hold more. */
const shipmentDispatched = defineEvent(
  'shipment.dispatched',
  z.object({
    shipmentId: z.string(),
    orderId: z.string(),
    carrier: z.string(),
    trackingNumber: z.string().nullish(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.number().int().positive() })),
    dispatchedAt: z.iso.datetime({ offset: true }),
  }),
);
const shipmentDelivered = defineEvent(
  'shipment.delivered',
  z.object({ shipmentId: z.string(), orderId: z.string(), at: z.iso.datetime({ offset: true }) }),
);

/** What orders do when something happens elsewhere. */
export const heardEvents = (logger: Logger) => [
  on<CheckoutTransaction, typeof shipmentDispatched.payload>(shipmentDispatched, async (tx, { payload }) => {
    const parcel = await recordDispatch(tx, {
      ...payload,
      trackingNumber: payload.trackingNumber ?? null,
      dispatchedAt: new Date(payload.dispatchedAt),
    });
    const { orderId, shipmentId } = payload;
    if (parcel === 'cancelled') logger.warn({ orderId, shipmentId }, 'A parcel of a cancelled order left');
  }),
  on<CheckoutTransaction, typeof shipmentDelivered.payload>(shipmentDelivered, (tx, { payload }) =>
    recordDelivery(tx, { ...payload, at: new Date(payload.at) }),
  ),
];
