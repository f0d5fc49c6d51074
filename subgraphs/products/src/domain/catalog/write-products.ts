import { newId } from '@mercato/ids';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { refreshPriceRanges } from './price-ranges.ts';
import { variantTitle } from './product-draft.ts';
import { type ToldProduct, tell } from './product-snapshot.ts';
import { type CategoryIds, gramsOf, known, type ProductWrite } from './product-write.ts';
import { insertParts } from './write-parts.ts';

/**
 * Writes any number of products in a fixed number of statements, makes them findable and tells others of them. Drafts
 * have been checked; stored products are locked by the caller. Variants are matched by sku and never removed here.
 */
export async function writeProducts(
  tx: Transaction,
  search: SearchIndex,
  writes: readonly ProductWrite[],
  categoryIds: CategoryIds,
): Promise<void> {
  if (writes.length === 0) return;
  const created = writes.filter(({ isNew }) => isNew);
  const changed = writes.filter(({ isNew }) => !isNew);
  await insertProducts(tx, created);
  const versions = await updateProducts(tx, changed);
  const variantIds = await replaceVariants(tx, writes);
  await insertParts(tx, writes, variantIds, categoryIds);
  await refreshPriceRanges(tx, ids(writes));
  await search.refresh(tx, ids(writes));
  // Told of as they were written: to read thousands back would take as long as to write them.
  const told = (write: ProductWrite) => toldOf(write, versions.get(write.id) ?? firstVersion, variantIds);
  await tell(tx, { created: created.map(told), updated: changed.map(told) });
}

const firstVersion = 1;

const toldOf = (
  { id, draft }: ProductWrite,
  version: number,
  variantIds: ReadonlyMap<string, string>,
): ToldProduct => ({
  id,
  handle: draft.handle,
  title: draft.title,
  status: draft.status,
  version,
  variants: draft.variants.map((variant) => ({
    id: known(variantIds, variant.sku),
    sku: variant.sku,
    title: variantTitle(draft, variant),
    prices: variant.prices,
    weightInGrams: gramsOf(variant),
    taxClass: variant.taxClass,
  })),
});

const ids = (writes: readonly ProductWrite[]) => writes.map(({ id }) => id);

const columns = ({ id, draft }: ProductWrite) => {
  const { handle, title, description, vendor, tags, status } = draft;
  return { id, handle, title, description, vendor, tags, status };
};

/** In the order given, which is the shop's own from then on. */
async function insertProducts(tx: Transaction, created: readonly ProductWrite[]): Promise<void> {
  if (created.length === 0) return;
  const inserted = await tx.$executeRaw`
    INSERT INTO product (id, handle, title, description, vendor, tags, status)
    SELECT id, handle, title, description, vendor, tags, status
    FROM jsonb_populate_recordset(NULL::product, ${JSON.stringify(created.map(columns))}::jsonb)
    ON CONFLICT (handle) DO NOTHING`;
  if (inserted < created.length) throw new TakenMeanwhileError('A handle belongs to another product by now.');
}

/**
 * `updatedAt` always grows, so that a caller who names it finds out about every change since. Gives each product's
 * version by its id.
 */
async function updateProducts(tx: Transaction, changed: readonly ProductWrite[]): Promise<ReadonlyMap<string, number>> {
  if (changed.length === 0) return new Map();
  const updated = await tx.$queryRaw<{ id: string; version: number }[]>`
    UPDATE product p SET title = w.title, description = w.description, vendor = w.vendor, tags = w.tags,
      status = w.status, version = p.version + 1,
      updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 millisecond')
    FROM jsonb_to_recordset(${JSON.stringify(changed.map(columns))}::jsonb)
      AS w (id text, title text, description text, vendor text, tags text[], status product_status)
    WHERE p.id = w.id RETURNING p.id, p.version`;
  const changedIds = ids(changed);
  await tx.$executeRaw`
    WITH options AS (DELETE FROM product_option WHERE product_id = ANY(${changedIds}::text[])),
      selected AS (DELETE FROM variant_option_value WHERE product_id = ANY(${changedIds}::text[])),
      prices AS (DELETE FROM variant_price WHERE product_id = ANY(${changedIds}::text[])),
      pictures AS (DELETE FROM product_media WHERE product_id = ANY(${changedIds}::text[]))
    DELETE FROM product_category WHERE product_id = ANY(${changedIds}::text[])`;
  return new Map(updated.map(({ id, version }) => [id, version]));
}

/** New skus are added, known ones of the product brought up to date. Gives the id of each variant by its sku. */
async function replaceVariants(tx: Transaction, writes: readonly ProductWrite[]): Promise<Map<string, string>> {
  const rows = writes.flatMap(({ id, draft }) =>
    draft.variants.map((variant, position) => ({
      id: newId('variant'),
      product_id: id,
      sku: variant.sku,
      title: variantTitle(draft, variant),
      position,
      barcode: variant.barcode,
      weight_value: variant.weight?.value ?? null,
      weight_unit: variant.weight?.unit ?? null,
      weight_in_grams: gramsOf(variant),
      length_in_mm: variant.dimensions?.length ?? null,
      width_in_mm: variant.dimensions?.width ?? null,
      height_in_mm: variant.dimensions?.height ?? null,
      tax_class: variant.taxClass,
    })),
  );
  const written = await tx.$queryRaw<{ id: string; sku: string }[]>`
    INSERT INTO product_variant AS v (${variantColumns})
    SELECT ${variantColumns} FROM jsonb_populate_recordset(NULL::product_variant, ${JSON.stringify(rows)}::jsonb)
    ORDER BY sku
    ON CONFLICT (sku) DO UPDATE SET title = excluded.title, position = excluded.position, barcode = excluded.barcode,
      weight_value = excluded.weight_value, weight_unit = excluded.weight_unit,
      weight_in_grams = excluded.weight_in_grams, length_in_mm = excluded.length_in_mm,
      width_in_mm = excluded.width_in_mm, height_in_mm = excluded.height_in_mm, tax_class = excluded.tax_class
    WHERE v.product_id = excluded.product_id
    RETURNING v.id, v.sku`;
  if (written.length < rows.length) throw new TakenMeanwhileError('A sku belongs to another product by now.');
  return new Map(written.map(({ id, sku }) => [sku, id]));
}

const variantColumns = Prisma.raw(
  'id, product_id, sku, title, position, barcode, weight_value, weight_unit, weight_in_grams, ' +
    'length_in_mm, width_in_mm, height_in_mm, tax_class',
);

/** Somebody took a handle or a sku since it was checked. The transaction must roll back; then it is to be seen. */
export class TakenMeanwhileError extends Error {
  override readonly name = 'TakenMeanwhileError';
}
