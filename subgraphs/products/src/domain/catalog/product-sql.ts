import { Prisma } from '../../generated/prisma/client.ts';
import type { ProductPart } from './product-record.ts';

/** Columns of `product AS p` that every reader gets. */
export const productColumns = Prisma.sql`
  p.id, p.handle, p.title, p.description, p.vendor, p.tags, p.status::text AS status, p.version,
  p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

/** One variant of `product_variant AS v` as JSON; amounts as text, since JSON numbers are floats. */
export const variantJson = Prisma.sql`json_build_object(
  'id', v.id, 'productId', v.product_id, 'sku', v.sku, 'title', v.title, 'barcode', v.barcode,
  'weightValue', v.weight_value, 'weightUnit', v.weight_unit, 'weightInGrams', v.weight_in_grams,
  'lengthInMm', v.length_in_mm, 'widthInMm', v.width_in_mm, 'heightInMm', v.height_in_mm,
  'taxClass', v.tax_class, 'openingStockTold', v.opening_stock_at IS NOT NULL,
  'prices', (SELECT coalesce(json_agg(json_build_object('currency', c.currency, 'amount', c.amount::text,
      'compareAt', c.compare_at_amount::text) ORDER BY c.currency), '[]')
    FROM variant_price c WHERE c.variant_id = v.id),
  'selectedOptions', (SELECT coalesce(json_agg(json_build_object('name', s.name, 'value', s.value)
      ORDER BY s.position), '[]')
    FROM variant_option_value s WHERE s.variant_id = v.id))`;

const parts: Readonly<Record<ProductPart, Prisma.Sql>> = {
  options: Prisma.sql`(SELECT coalesce(json_agg(json_build_object('name', o.name, 'values', o.values)
      ORDER BY o.position), '[]')
    FROM product_option o WHERE o.product_id = p.id) AS options`,
  variants: Prisma.sql`(SELECT coalesce(json_agg(${variantJson} ORDER BY v.position, v.id), '[]')
    FROM product_variant v WHERE v.product_id = p.id) AS variants`,
  media: Prisma.sql`(SELECT coalesce(json_agg(json_build_object('state', m.state, 'sourceUrl', m.source_url,
      'fileKey', m.file_key, 'altText', m.alt_text, 'width', m.width, 'height', m.height) ORDER BY m.position), '[]')
    FROM product_media m WHERE m.product_id = p.id) AS media`,
  categories: Prisma.sql`(SELECT coalesce(json_agg(json_build_object('id', k.id, 'handle', k.handle, 'title', k.title,
      'path', k.path) ORDER BY pk.position), '[]')
    FROM product_category pk JOIN category k ON k.id = pk.category_id WHERE pk.product_id = p.id) AS categories`,
  collections: Prisma.sql`(SELECT coalesce(json_agg(json_build_object('id', l.id, 'handle', l.handle,
      'title', l.title) ORDER BY l.position), '[]')
    FROM product_collection pl JOIN collection l ON l.id = pl.collection_id WHERE pl.product_id = p.id) AS collections`,
  priceRanges: Prisma.sql`(SELECT coalesce(json_agg(json_build_object('currency', r.currency,
      'min', r.min_amount::text, 'max', r.max_amount::text) ORDER BY r.currency), '[]')
    FROM product_price_range r WHERE r.product_id = p.id) AS "priceRanges"`,
};

/** The columns of `product AS p`, and the parts that are wanted as JSON, so that one statement reads all of it. */
export const productSelection = (wanted: Iterable<ProductPart>): Prisma.Sql =>
  Prisma.join([productColumns, ...[...wanted].map((part) => parts[part])]);
