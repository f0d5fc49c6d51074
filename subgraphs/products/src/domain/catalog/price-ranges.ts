import type { Transaction } from '../database.ts';

/** Keeps lowest and highest price of each currency beside the product. */
export async function refreshPriceRanges(tx: Transaction, productIds: readonly string[]): Promise<void> {
  const changed = [...productIds];
  await tx.$executeRaw`
    WITH ranges AS (
      SELECT product_id, currency, min(amount) AS lowest, max(amount) AS highest
      FROM variant_price WHERE product_id = ANY(${changed}::text[]) GROUP BY product_id, currency
    ), gone AS (
      DELETE FROM product_price_range r WHERE r.product_id = ANY(${changed}::text[])
        AND NOT EXISTS (SELECT 1 FROM ranges n WHERE n.product_id = r.product_id AND n.currency = r.currency)
    )
    INSERT INTO product_price_range (product_id, currency, min_amount, max_amount)
    SELECT product_id, currency, lowest, highest FROM ranges
    ON CONFLICT (product_id, currency) DO UPDATE SET min_amount = excluded.min_amount, max_amount = excluded.max_amount`;
}
