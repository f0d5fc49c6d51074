import { defineEvent } from '@mercato/outbox';
import { z } from 'zod';

/** A parcel was handed to its carrier: from now on its goods are gone from the shelf. */
export const shipmentDispatched = defineEvent(
  'shipment.dispatched',
  z.object({
    shipmentId: z.string(),
    orderId: z.string(),
    /** Code of the warehouse it left from; empty when none was named. */
    warehouse: z.string(),
    carrier: z.string(),
    trackingNumber: z.string().nullable(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.number().int().positive() })),
    dispatchedAt: z.iso.datetime(),
  }),
);

/** A parcel arrived. */
export const shipmentDelivered = defineEvent(
  'shipment.delivered',
  z.object({ shipmentId: z.string(), orderId: z.string(), at: z.iso.datetime() }),
);
