import { recordEvents } from '@mercato/outbox';
import { productStockChanged } from '../../events/index.ts';
import type { Transaction } from '../database.ts';

export interface SkuAvailability {
  readonly sku: string;
  readonly inStock: boolean;
  /** Of inventory's word on the sku; an older one than is known is passed over. */
  readonly version: number;
}

/**
 * Takes inventory's word on whether skus can be bought, and says of their products whether any of their variants can.
 * That is no change of the product: its version and time stay.
 */
export async function applyAvailability(tx: Transaction, skus: readonly SkuAvailability[]): Promise<void> {
  const changed = await tx.$queryRaw<{ sku: string }[]>`
    INSERT INTO stock_flag AS f (sku, in_stock, version)
    SELECT DISTINCT ON (w.sku) w.sku, w."inStock", w.version
    FROM jsonb_to_recordset(${JSON.stringify(skus)}::jsonb) AS w (sku text, "inStock" boolean, version int)
    ORDER BY w.sku, w.version DESC
    ON CONFLICT (sku) DO UPDATE SET in_stock = excluded.in_stock, version = excluded.version
      WHERE f.version < excluded.version
    RETURNING f.sku`;
  if (changed.length === 0) return;
  const products = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM product p WHERE p.id IN (
      SELECT product_id FROM product_variant WHERE sku = ANY(${changed.map(({ sku }) => sku)}::text[]))
    ORDER BY p.id FOR UPDATE`;
  const flipped = await tx.$queryRaw<{ id: string; version: number }[]>`
    UPDATE product p SET in_stock = s.in_stock
    FROM (
      SELECT v.product_id, coalesce(bool_or(f.in_stock), false) AS in_stock
      FROM product_variant v LEFT JOIN stock_flag f ON f.sku = v.sku
      WHERE v.product_id = ANY(${products.map(({ id }) => id)}::text[]) GROUP BY v.product_id
    ) s WHERE s.product_id = p.id AND p.in_stock <> s.in_stock
    RETURNING p.id, p.version`;
  await recordEvents(
    tx,
    productStockChanged,
    flipped.map(({ id, version }) => ({ aggregateId: id, version, payload: { productId: id } })),
  );
}
