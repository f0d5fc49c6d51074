import { defineEvent } from '@mercato/outbox';
import { z } from 'zod';

/** Minor units of the currency, as text: JSON numbers are floats. */
const minorUnits = z.string().regex(/^\d+$/);
const price = z.object({ amount: minorUnits, currency: z.string().length(3) });

/** All that others need to know of a product. Whoever keeps a copy replaces it by a newer one, by `version`. */
const productSnapshot = z.object({
  productId: z.string(),
  handle: z.string(),
  title: z.string(),
  status: z.enum(['DRAFT', 'ACTIVE', 'ARCHIVED']),
  variants: z.array(
    z.object({
      variantId: z.string(),
      sku: z.string(),
      /** Tells it from its siblings, such as `M / Blue`; the product's title for an only one. */
      title: z.string(),
      /** At most one for each currency. */
      prices: z.array(price),
      compareAtPrices: z.array(price),
      weightInGrams: z.number().int().nonnegative().nullable(),
      taxClass: z.string().nullable(),
    }),
  ),
});

/** How many products a category counts is told by nobody, and is as old as the schema lets it be. */
const changes = ({ productId, handle, variants }: ProductSnapshot) => [
  { type: 'Product', keys: [productId, handle] },
  { type: 'ProductVariant', keys: variants.flatMap(({ variantId, sku }) => [variantId, sku]) },
];

export const productCreated = defineEvent('product.created', productSnapshot, { changes });
export const productUpdated = defineEvent('product.updated', productSnapshot, { changes });

/** A product can be bought again, or no longer: searches by that find others. Only who keeps answers hears of it. */
export const productStockChanged = defineEvent('product.stockChanged', z.object({ productId: z.string() }), {
  changes: ({ productId }) => [{ type: 'Product', keys: [productId] }],
});

/**
 * An import named the stock that its skus start with in one warehouse. Told once for each sku; to be booked only where
 * the sku has no movement yet.
 */
export const openingStockImported = defineEvent(
  'openingStock.imported',
  z.object({
    /** Code of the warehouse. */
    warehouse: z.string(),
    /** Id of the import. */
    reference: z.string(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.number().int().positive() })),
  }),
);

export type ProductSnapshot = z.infer<typeof productSnapshot>;
