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
  const variantIds = await replaceVariants(tx, writes);
  await insertParts(tx, writes, variantIds, categoryIds);
  await refreshPriceRanges(tx, ids(writes));
  await search.refresh(tx, ids(writes));
  return tellOf(tx, { created: ids(created), updated: ids(changed) });
}

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
      weight_in_grams: variant.weight === null ? null : toGrams(variant.weight),
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

/** Everything that hangs off the products, in one statement. */
async function insertParts(
  tx: Transaction,
  writes: readonly ProductWrite[],
  variantIds: ReadonlyMap<string, string>,
  categoryIds: CategoryIds,
): Promise<void> {
  const parts = writes.map((write) => partRows(write, variantIds, categoryIds));
  const rows = (part: keyof ReturnType<typeof partRows>) => JSON.stringify(parts.flatMap<object>((each) => each[part]));
  await tx.$executeRaw`
    WITH options AS (INSERT INTO product_option (product_id, position, name, values)
        SELECT product_id, position, name, values
        FROM jsonb_populate_recordset(NULL::product_option, ${rows('options')}::jsonb)),
      selected AS (INSERT INTO variant_option_value (variant_id, product_id, position, name, value)
        SELECT variant_id, product_id, position, name, value
        FROM jsonb_populate_recordset(NULL::variant_option_value, ${rows('selected')}::jsonb)),
      prices AS (INSERT INTO variant_price (variant_id, product_id, currency, amount, compare_at_amount)
        SELECT variant_id, product_id, currency, amount, compare_at_amount
        FROM jsonb_populate_recordset(NULL::variant_price, ${rows('prices')}::jsonb)),
      pictures AS (INSERT INTO product_media (id, product_id, position, source_url, alt_text, state, file_key, width, height)
        SELECT id, product_id, position, source_url, alt_text, state, file_key, width, height
        FROM jsonb_populate_recordset(NULL::product_media, ${rows('pictures')}::jsonb))
    INSERT INTO product_category (product_id, category_id, position)
    SELECT product_id, category_id, position
    FROM jsonb_populate_recordset(NULL::product_category, ${rows('categories')}::jsonb)`;
}

/** Rows of the tables that hang off a product, by their columns. Amounts as text: JSON numbers are floats. */
function partRows({ id, draft }: ProductWrite, variantIds: ReadonlyMap<string, string>, categoryIds: CategoryIds) {
  const ofVariants = draft.variants.map((variant) => ({
    ...variant,
    keys: { variant_id: known(variantIds, variant.sku), product_id: id },
  }));
  return {
    options: draft.options.map(({ name, values }, position) => ({ product_id: id, position, name, values })),
    selected: ofVariants.flatMap(({ keys, selectedOptions }) =>
      selectedOptions.map(({ name, value }, position) => ({ ...keys, position, name, value })),
    ),
    prices: ofVariants.flatMap(({ keys, prices }) =>
      prices.map(({ currency, amount, compareAt }) => ({
        ...keys,
        currency,
        amount: String(amount),
        compare_at_amount: compareAt === null ? null : String(compareAt),
      })),
    ),
    pictures: draft.media.map(({ sourceUrl, altText, stored }, position) => ({
      id: newId('media'),
      product_id: id,
      position,
      source_url: sourceUrl,
      alt_text: altText,
      state: stored ? 'STORED' : 'PENDING',
      file_key: stored?.fileKey ?? null,
      width: stored?.width ?? null,
      height: stored?.height ?? null,
    })),
    categories: draft.categories.map((handle, position) => ({
      product_id: id,
      category_id: known(categoryIds, handle),
      position,
    })),
  };
}

function known(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`${key} was to be known by now.`);
  return id;
}

/** Somebody took a handle or a sku since it was checked. The transaction must roll back; then it is to be seen. */
export class TakenMeanwhileError extends Error {
  override readonly name = 'TakenMeanwhileError';
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
