import { newId } from '@mercato/ids';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { type ProductDraft, variantTitle } from './product-draft.ts';
import type { WholeProduct } from './product-record.ts';
import { tellOf } from './product-snapshot.ts';
import { toGrams } from './weight.ts';

/** A product to write: a new one, or what a stored one is to become. */
export interface ProductWrite {
  readonly id: string;
  readonly isNew: boolean;
  readonly draft: ProductDraft;
}

/** Ids of categories by handle; every category of a draft must be among them. */
export type CategoryIds = ReadonlyMap<string, string>;

/**
 * Writes any number of products in a fixed number of statements, makes them findable and tells others of them. Drafts
 * have been checked; stored products are locked by the caller. Variants are matched by sku and never removed here.
 */
export async function writeProducts(
  tx: Transaction,
  search: SearchIndex,
  writes: readonly ProductWrite[],
  categoryIds: CategoryIds,
): Promise<WholeProduct[]> {
  if (writes.length === 0) return [];
  const created = writes.filter(({ isNew }) => isNew);
  const changed = writes.filter(({ isNew }) => !isNew);
  await insertProducts(tx, created);
  await updateProducts(tx, changed);
  await replaceVariants(tx, writes);
  await insertParts(tx, writes, categoryIds);
  await refreshPriceRanges(tx, ids(writes));
  await search.refresh(tx, ids(writes));
  return tellOf(tx, { created: ids(created), updated: ids(changed) });
}

const ids = (writes: readonly ProductWrite[]) => writes.map(({ id }) => id);

const columns = ({ id, draft }: ProductWrite) => {
  const { handle, title, description, vendor, tags, status } = draft;
  return { id, handle, title, description, vendor, tags, status };
};

async function insertProducts(tx: Transaction, created: readonly ProductWrite[]): Promise<void> {
  if (created.length > 0) await tx.product.createMany({ data: created.map(columns) });
}

/** `updatedAt` always grows, so that a caller who names it finds out about every change since. */
async function updateProducts(tx: Transaction, changed: readonly ProductWrite[]): Promise<void> {
  if (changed.length === 0) return;
  await tx.$executeRaw`
    UPDATE product p SET title = w.title, description = w.description, vendor = w.vendor, tags = w.tags,
      status = w.status, version = p.version + 1,
      updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 millisecond')
    FROM jsonb_to_recordset(${JSON.stringify(changed.map(columns))}::jsonb)
      AS w (id text, title text, description text, vendor text, tags text[], status product_status)
    WHERE p.id = w.id`;
  const changedIds = ids(changed);
  await tx.$executeRaw`
    WITH options AS (DELETE FROM product_option WHERE product_id = ANY(${changedIds}::text[])),
      selected AS (DELETE FROM variant_option_value WHERE product_id = ANY(${changedIds}::text[])),
      prices AS (DELETE FROM variant_price WHERE product_id = ANY(${changedIds}::text[])),
      pictures AS (DELETE FROM product_media WHERE product_id = ANY(${changedIds}::text[]))
    DELETE FROM product_category WHERE product_id = ANY(${changedIds}::text[])`;
}

/** New skus are added, known ones of the product brought up to date. */
async function replaceVariants(tx: Transaction, writes: readonly ProductWrite[]): Promise<void> {
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
      weight_in_grams: variant.weight === null ? null : toGrams(variant.weight),
      length_in_mm: variant.dimensions?.length ?? null,
      width_in_mm: variant.dimensions?.width ?? null,
      height_in_mm: variant.dimensions?.height ?? null,
      tax_class: variant.taxClass,
    })),
  );
  await tx.$executeRaw`
    INSERT INTO product_variant AS v (${variantColumns})
    SELECT ${variantColumns} FROM jsonb_populate_recordset(NULL::product_variant, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (sku) DO UPDATE SET title = excluded.title, position = excluded.position, barcode = excluded.barcode,
      weight_value = excluded.weight_value, weight_unit = excluded.weight_unit,
      weight_in_grams = excluded.weight_in_grams, length_in_mm = excluded.length_in_mm,
      width_in_mm = excluded.width_in_mm, height_in_mm = excluded.height_in_mm, tax_class = excluded.tax_class
    WHERE v.product_id = excluded.product_id`;
}

const variantColumns = Prisma.raw(
  'id, product_id, sku, title, position, barcode, weight_value, weight_unit, weight_in_grams, ' +
    'length_in_mm, width_in_mm, height_in_mm, tax_class',
);

async function insertParts(tx: Transaction, writes: readonly ProductWrite[], categoryIds: CategoryIds): Promise<void> {
  const variantIds = await idsBySku(tx, ids(writes));
  const variants = writes.flatMap(({ id, draft }) =>
    draft.variants.map((variant) => {
      const known = variantIds.get(variant.sku);
      if (known?.productId !== id) throw new SkuOwnedElsewhereError(variant.sku);
      return { ...variant, id: known.id, productId: id };
    }),
  );
  await tx.productOption.createMany({
    data: writes.flatMap(({ id, draft }) =>
      draft.options.map(({ name, values }, position) => ({ productId: id, position, name, values: [...values] })),
    ),
  });
  await tx.variantOptionValue.createMany({
    data: variants.flatMap(({ id, productId, selectedOptions }) =>
      selectedOptions.map(({ name, value }, position) => ({ variantId: id, productId, position, name, value })),
    ),
  });
  await tx.variantPrice.createMany({
    data: variants.flatMap(({ id, productId, prices }) =>
      prices.map(({ currency, amount, compareAt }) => ({
        variantId: id,
        productId,
        currency,
        amount,
        compareAtAmount: compareAt,
      })),
    ),
  });
  await tx.productMedia.createMany({
    data: writes.flatMap(({ id, draft }) =>
      draft.media.map(({ sourceUrl, altText, stored }, position) => ({
        id: newId('media'),
        productId: id,
        position,
        sourceUrl,
        altText,
        state: stored ? ('STORED' as const) : ('PENDING' as const),
        fileKey: stored?.fileKey ?? null,
        width: stored?.width ?? null,
        height: stored?.height ?? null,
      })),
    ),
  });
  await tx.productCategory.createMany({
    data: writes.flatMap(({ id, draft }) =>
      draft.categories.map((handle, position) => {
        const categoryId = categoryIds.get(handle);
        if (categoryId === undefined) throw new Error(`Category ${handle} was to be known by now.`);
        return { productId: id, categoryId, position };
      }),
    ),
  });
}

/** Somebody took the sku for another product since it was checked. The transaction must roll back. */
export class SkuOwnedElsewhereError extends Error {
  override readonly name = 'SkuOwnedElsewhereError';

  constructor(readonly sku: string) {
    super(`The sku ${sku} belongs to another product.`);
  }
}

async function idsBySku(tx: Transaction, productIds: string[]) {
  const rows = await tx.productVariant.findMany({
    where: { productId: { in: productIds } },
    select: { id: true, sku: true, productId: true },
  });
  return new Map(rows.map(({ id, sku, productId }) => [sku, { id, productId }]));
}

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
