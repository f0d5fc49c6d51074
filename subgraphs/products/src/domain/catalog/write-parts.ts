import { newId } from '@mercato/ids';
import type { Transaction } from '../database.ts';
import { type CategoryIds, known, type ProductWrite } from './product-write.ts';

/** Everything that hangs off the products, in one statement. */
export async function insertParts(
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
