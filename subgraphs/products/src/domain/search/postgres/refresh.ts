import { Prisma } from '../../../generated/prisma/client.ts';
import type { Transaction } from '../../database.ts';

/**
 * Makes these products findable as they are now: what they are searched and sorted by, whether one of their variants
 * is in stock, and the words that typing errors are mended by. Words go in in one order, so that transactions that
 * bring the same ones wait for each other in a line and not in a circle.
 */
export async function refresh(tx: Transaction, productIds: readonly string[]): Promise<void> {
  if (productIds.length === 0) return;
  const ids = [...productIds];
  await tx.$executeRaw`
    UPDATE product p SET
      sort_title = lower(unaccent(p.title)),
      in_stock = EXISTS (
        SELECT 1 FROM product_variant v JOIN stock_flag f ON f.sku = v.sku WHERE v.product_id = p.id AND f.in_stock),
      search_vector =
        setweight(to_tsvector('catalog', p.title) || to_tsvector('catalog_exact', p.title), 'A') ||
        setweight(to_tsvector('catalog', t.names) || to_tsvector('catalog_exact', t.names || ' ' || t.codes), 'B') ||
        setweight(to_tsvector('catalog', t.details) || to_tsvector('catalog_exact', t.details), 'C') ||
        setweight(to_tsvector('catalog', left(coalesce(p.description, ''), 100000)), 'D')
    FROM (${searchedText(ids)}) t WHERE t.id = p.id`;
  await tx.$executeRaw`
    INSERT INTO search_word (word, stem)
    SELECT w.lexeme, coalesce((ts_lexize('english_stem', w.lexeme))[1], w.lexeme)
    FROM (
      SELECT DISTINCT u.lexeme FROM (${searchedText(ids)}) t JOIN product p ON p.id = t.id,
        unnest(to_tsvector('catalog_exact', concat_ws(' ', p.title, t.names, t.details,
          left(p.description, 100000)))) u
    ) w
    WHERE w.lexeme ~ '^[[:alpha:]]{3,40}$' ORDER BY w.lexeme
    ON CONFLICT (word) DO NOTHING`;
}

/** Vendor and categories, codes, and tags with option values, of each of these products. */
const searchedText = (ids: string[]) => Prisma.sql`
  SELECT x.id,
    concat_ws(' ', x.vendor, (SELECT string_agg(k.title, ' ')
      FROM product_category pk JOIN category k ON k.id = pk.category_id WHERE pk.product_id = x.id)) AS names,
    coalesce((SELECT string_agg(concat_ws(' ', v.sku, v.barcode), ' ')
      FROM product_variant v WHERE v.product_id = x.id), '') AS codes,
    concat_ws(' ', array_to_string(x.tags, ' '), (SELECT string_agg(array_to_string(o.values, ' '), ' ')
      FROM product_option o WHERE o.product_id = x.id)) AS details
  FROM product x WHERE x.id = ANY(${ids}::text[])`;
