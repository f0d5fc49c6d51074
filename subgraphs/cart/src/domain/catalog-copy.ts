import { type CartDatabase, type CartTransaction, Prisma } from './database.ts';
import type { InvalidInput, UnknownSku } from './outcomes.ts';
import type { RequestedLine } from './requested-lines.ts';

/** The part of a product's snapshot that carts keep. */
export interface CatalogProduct {
  readonly productId: string;
  readonly version: number;
  readonly onSale: boolean;
  readonly variants: readonly {
    readonly sku: string;
    readonly title: string;
    /** Minor units as text, by currency. */
    readonly prices: Readonly<Record<string, string>>;
    readonly weightInGrams: number | null;
    readonly taxClass: string | null;
  }[];
}

/**
 * Takes over a product as it is now, unless the copy knows a newer one. Variants it no longer has stop being sold. A sku
 * that came from another product is this one's from now on: versions of two products say nothing about each other. So a
 * late word of a product that is known in a newer version is passed over whole, or it would take such a sku back.
 */
export async function copyProduct(tx: CartTransaction, product: CatalogProduct): Promise<void> {
  const variants = JSON.stringify(product.variants);
  await tx.$executeRaw`
    INSERT INTO catalog_variant (sku, product_id, product_version, title, prices, weight_in_grams, tax_class, sellable)
    SELECT sku, ${product.productId}, ${product.version}, title, prices, "weightInGrams", "taxClass", ${product.onSale}
    FROM jsonb_to_recordset(${variants}::jsonb)
      AS v(sku text, title text, prices jsonb, "weightInGrams" int, "taxClass" text)
    WHERE NOT EXISTS (SELECT FROM catalog_variant newer
      WHERE newer.product_id = ${product.productId} AND newer.product_version > ${product.version})
    ON CONFLICT (sku) DO UPDATE SET product_id = excluded.product_id, product_version = excluded.product_version,
      title = excluded.title, prices = excluded.prices, weight_in_grams = excluded.weight_in_grams,
      tax_class = excluded.tax_class, sellable = excluded.sellable
    WHERE catalog_variant.product_version <= excluded.product_version
      OR catalog_variant.product_id <> excluded.product_id`;
  const skus = product.variants.map(({ sku }) => sku);
  await tx.$executeRaw`
    UPDATE catalog_variant SET sellable = false, product_version = ${product.version}
    WHERE product_id = ${product.productId} AND product_version < ${product.version} AND NOT sku = ANY(${skus}::text[])`;
}

/** What a unit of each sku costs in a currency, or the first line that cannot be sold. */
export async function pricesOf(
  db: CartDatabase | CartTransaction,
  lines: readonly RequestedLine[],
  currency: string,
): Promise<{ kind: 'prices'; bySku: ReadonlyMap<string, bigint> } | UnknownSku | InvalidInput> {
  const skus = lines.map(({ sku }) => sku);
  const rows = await db.$queryRaw<{ sku: string; price: string | null }[]>(Prisma.sql`
    SELECT sku, prices ->> ${currency} AS price FROM catalog_variant WHERE sku = ANY(${skus}::text[]) AND sellable`);
  const known = new Map(rows.map(({ sku, price }) => [sku, price]));
  const bySku = new Map<string, bigint>();
  for (const { sku, path } of lines) {
    const price = known.get(sku);
    if (price === undefined) return { kind: 'unknown-sku', sku, path: [...path, 'sku'] };
    if (price === null) {
      const message = `${sku} has no price in ${currency}; choose another currency for the cart.`;
      return { kind: 'invalid-input', message, path: [...path, 'sku'] };
    }
    bySku.set(sku, BigInt(price));
  }
  return { kind: 'prices', bySku };
}
