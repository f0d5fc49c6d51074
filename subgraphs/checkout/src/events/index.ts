import { defineEvent } from '@mercato/outbox';
import { z } from 'zod';

/** Minor units of the order's currency, as text: JSON numbers are floats. */
const minorUnits = z.string().regex(/^\d+$/);

const address = z.object({
  name: z.string().nullable(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  region: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().length(2),
  phone: z.string().nullable(),
});

/** An order is certain: stock is firm and payment authorized. */
export const orderPlaced = defineEvent(
  'order.placed',
  z.object({
    orderId: z.string(),
    /** As people say it, such as `M-10234`. */
    number: z.string(),
    /** The cart's name among services. */
    cartId: z.string(),
    email: z.string(),
    currency: z.string().length(3),
    total: minorUnits,
    shippingAddress: address,
    delivery: z.object({ optionId: z.string(), carrier: z.string(), service: z.string() }),
    lines: z.array(
      z.object({
        lineId: z.string(),
        sku: z.string(),
        title: z.string(),
        quantity: z.number().int().positive(),
        unitPrice: minorUnits,
        total: minorUnits,
        weightInGrams: z.number().int().nullable(),
        /** Where the units lie, by warehouse code. */
        allocations: z.array(z.object({ warehouse: z.string(), quantity: z.number().int().positive() })),
      }),
    ),
  }),
);

/** An order was called off after it was placed. */
export const orderCancelled = defineEvent(
  'order.cancelled',
  z.object({ orderId: z.string(), reason: z.string().nullable() }),
);

export type OrderPlaced = z.infer<typeof orderPlaced.payload>;
