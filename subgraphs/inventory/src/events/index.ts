import { defineEvent } from '@mercato/outbox';
import { z } from 'zod';

const units = z.number().int();

/** Goods arrived. `warehouse` is the code everywhere here. The aggregate is the warehouse. */
export const stockReceived = defineEvent(
  'stock.received',
  z.object({
    warehouse: z.string(),
    reference: z.string().nullable(),
    lines: z.array(z.object({ sku: z.string(), quantity: units.positive(), onHand: units })),
  }),
);

/** Staff corrected a level, or a count was booked. The aggregate is the sku. */
export const stockAdjusted = defineEvent(
  'stock.adjusted',
  z.object({
    warehouse: z.string(),
    sku: z.string(),
    delta: units,
    reason: z.string().nullable(),
    onHand: units,
  }),
);

/** What can be promised of a sku in a warehouse fell to its reorder point or below. The aggregate is the sku. */
export const stockRanLow = defineEvent(
  'stock.ranLow',
  z.object({ warehouse: z.string(), sku: z.string(), available: units, reorderPoint: units }),
);

/** Fewer are on hand than are promised; the orders that are left without goods. The aggregate is the sku. */
export const stockRanShort = defineEvent(
  'stock.ranShort',
  z.object({
    warehouse: z.string(),
    sku: z.string(),
    onHand: units,
    reserved: units,
    orderIds: z.array(z.string()),
  }),
);

/** Skus that can be bought again, or no longer. `version` grows with each change of the sku's stock. */
export const availabilityChanged = defineEvent(
  'availability.changed',
  z.object({
    skus: z.array(
      z.object({ sku: z.string(), productId: z.string().nullable(), inStock: z.boolean(), version: units }),
    ),
  }),
  {
    changes: ({ skus }) => [
      { type: 'ProductVariant', keys: skus.map(({ sku }) => sku) },
      { type: 'Product', keys: skus.flatMap(({ productId }) => productId ?? []) },
    ],
  },
);

/** A hold lapsed before it was confirmed, and its stock is for sale again. The aggregate is the order. */
export const reservationExpired = defineEvent('reservation.expired', z.object({ orderId: z.string() }));
