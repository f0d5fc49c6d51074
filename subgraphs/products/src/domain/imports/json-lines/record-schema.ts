import { z } from 'zod';
import { isStorable } from '../../storable-text.ts';

const text = z.string().refine(isStorable, 'must not hold the character U+0000 nor half of a surrogate pair');
/** As in a Shopify file. */
const mostUnits = 999_999_999;
const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'must be a decimal number in quotes, such as "24.00"');
const size = z.number().nonnegative();

/** One line of a JSON Lines catalog; the README shows an example. Unknown properties are mistakes, so that none is lost. */
export const recordSchema = z.strictObject({
  handle: text,
  title: text.optional(),
  description: text.nullable().optional(),
  vendor: text.nullable().optional(),
  status: z.enum(['DRAFT', 'ACTIVE', 'ARCHIVED']).optional(),
  categories: z.array(text).optional(),
  tags: z.array(text).optional(),
  options: z.array(z.strictObject({ name: text, values: z.array(text) })).optional(),
  media: z
    .array(z.strictObject({ url: text.optional(), file: text.optional(), altText: text.nullable().optional() }))
    .optional(),
  variants: z.array(
    z.strictObject({
      sku: text.nullable().optional(),
      price: decimal,
      compareAtPrice: decimal.nullable().optional(),
      currency: text.optional(),
      /** Further prices by currency. */
      prices: z.record(text, decimal).optional(),
      selectedOptions: z.record(text, text).optional(),
      barcode: text.nullable().optional(),
      weightInGrams: size.nullable().optional(),
      dimensionsInMillimetres: z.strictObject({ length: size, width: size, height: size }).nullable().optional(),
      taxClass: text.nullable().optional(),
      quantity: z.number().int().nonnegative().max(mostUnits).nullable().optional(),
    }),
  ),
});

export type JsonRecord = z.infer<typeof recordSchema>;
