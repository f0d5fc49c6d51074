import type { CatalogSnapshot } from '../events/heard.ts';
import type { InventoryReader, InventoryTransaction } from './database.ts';

/** Which of these skus the catalog sells. */
export async function skusInCatalog(db: InventoryReader, skus: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.catalogVariant.findMany({ where: { sku: { in: [...skus] } }, select: { sku: true } });
  return new Set(rows.map(({ sku }) => sku));
}

/** Takes over what the catalog says of a product, unless something newer is known already; the same again refills it. */
export async function copyProduct(tx: InventoryTransaction, snapshot: CatalogSnapshot, version: number): Promise<void> {
  const taken = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO catalog_product AS known (id, title, version) VALUES (${snapshot.productId}, ${snapshot.title}, ${version})
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, version = excluded.version
      WHERE known.version <= excluded.version
    RETURNING id`;
  if (taken.length === 0) return;
  const skus = snapshot.variants.map(({ sku }) => sku);
  await tx.$executeRaw`
    DELETE FROM catalog_variant WHERE product_id = ${snapshot.productId} AND sku <> ALL(${skus}::text[])`;
  await tx.$executeRaw`
    INSERT INTO catalog_variant (sku, variant_id, product_id, title)
    SELECT DISTINCT ON (sku) sku, variant_id, ${snapshot.productId}, title
    FROM unnest(${skus}::text[], ${snapshot.variants.map(({ variantId }) => variantId)}::text[],
      ${snapshot.variants.map(({ title }) => title)}::text[]) AS v(sku, variant_id, title) ORDER BY sku
    ON CONFLICT (sku) DO UPDATE SET variant_id = excluded.variant_id, product_id = excluded.product_id, title = excluded.title`;
}
