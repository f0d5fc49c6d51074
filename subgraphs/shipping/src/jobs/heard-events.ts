import { orderCancelled, orderPlaced } from '@mercato/checkout/events';
import { on } from '@mercato/outbox';
import type { ShippingTransaction } from '../domain/database.ts';
import { callOffPending } from '../domain/shipments/cancel-shipments.ts';
import { openShipments } from '../domain/shipments/open-shipments.ts';

/** What shipping does when something happens elsewhere. */
export const heardEvents = [
  on<ShippingTransaction, typeof orderPlaced.payload>(orderPlaced, (tx, { payload: { orderId, delivery, lines } }) =>
    openShipments(tx, { orderId, carrier: delivery.carrier, service: delivery.service, lines }),
  ),
  on<ShippingTransaction, typeof orderCancelled.payload>(orderCancelled, (tx, { payload }) =>
    callOffPending(tx, payload.orderId),
  ),
];
