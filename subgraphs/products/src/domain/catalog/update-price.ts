import type { ProductsDatabase } from '../database.ts';
import { toStorable } from '../storable-text.ts';
import { refreshPriceRanges } from './price-ranges.ts';
import { tellOf } from './product-snapshot.ts';

export interface NewPrice {
  readonly sku: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: bigint;
  /** Minor units; null clears it, absent leaves it. */
  readonly compareAt?: bigint | null;
}

export type UpdatePriceOutcome =
  | { readonly kind: 'updated'; readonly variantId: string }
  | { readonly kind: 'unknown-sku' };

/** Sets what one variant costs in one currency. The same price again changes nothing and tells nobody. */
export async function updatePrice(database: ProductsDatabase, price: NewPrice): Promise<UpdatePriceOutcome> {
  const { sku, currency, amount, compareAt } = price;
  return database.$transaction(async (tx): Promise<UpdatePriceOutcome> => {
    const [variant] = await tx.$queryRaw<{ id: string; productId: string }[]>`
      SELECT v.id, v.product_id AS "productId" FROM product_variant v JOIN product p ON p.id = v.product_id
      WHERE v.sku = ${toStorable(sku)} FOR UPDATE OF p`;
    if (!variant) return { kind: 'unknown-sku' };
    const changed = await tx.$executeRaw`
      INSERT INTO variant_price AS c (variant_id, product_id, currency, amount, compare_at_amount)
      VALUES (${variant.id}, ${variant.productId}, ${currency}, ${amount}, ${compareAt ?? null}::bigint)
      ON CONFLICT (variant_id, currency) DO UPDATE SET amount = excluded.amount,
        compare_at_amount = CASE WHEN ${compareAt === undefined} THEN c.compare_at_amount ELSE excluded.compare_at_amount END
      WHERE c.amount <> excluded.amount
        OR (NOT ${compareAt === undefined} AND c.compare_at_amount IS DISTINCT FROM excluded.compare_at_amount)`;
    if (changed === 0) return { kind: 'updated', variantId: variant.id };

    await tx.$executeRaw`
      UPDATE product SET version = version + 1,
        updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
      WHERE id = ${variant.productId}`;
    await refreshPriceRanges(tx, [variant.productId]);
    await tellOf(tx, { created: [], updated: [variant.productId] });
    return { kind: 'updated', variantId: variant.id };
  });
}
