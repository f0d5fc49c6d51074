import { defineEvent } from '@mercato/outbox';
import { z } from 'zod';

/** What inventory reads of other domains' events; they may hold more. */
const catalogSnapshot = z.object({
  productId: z.string(),
  title: z.string(),
  variants: z.array(z.object({ variantId: z.string(), sku: z.string(), title: z.string() })),
});

export const productCreated = defineEvent('product.created', catalogSnapshot);
export const productUpdated = defineEvent('product.updated', catalogSnapshot);
export type CatalogSnapshot = z.output<typeof catalogSnapshot>;

const stockLines = z.array(z.object({ sku: z.string().min(1), quantity: z.number().int().positive() }));

/** Stock that an import of the catalog found; booked once for a sku that has no ledger yet. */
export const openingStockImported = defineEvent(
  'openingStock.imported',
  z.object({ warehouse: z.string(), reference: z.string().nullish(), lines: stockLines }),
);

export const shipmentDispatched = defineEvent(
  'shipment.dispatched',
  z.object({
    shipmentId: z.string(),
    orderId: z.string(),
    warehouse: z.string(),
    lines: stockLines,
    dispatchedAt: z.iso.datetime({ offset: true }),
  }),
);

export const orderCancelled = defineEvent(
  'order.cancelled',
  z.object({ orderId: z.string(), reason: z.string().nullish() }),
);
