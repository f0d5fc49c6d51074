import { Prisma } from '../../generated/prisma/client.ts';
import type { ProductStatus } from '../../generated/prisma/enums.ts';
import type { Reader } from '../database.ts';
import type { ProductPart, ProductRecord, VariantRecord, WholeProduct } from './product-record.ts';
import { type ProductRow, toProduct, toVariant, type VariantRow } from './product-row.ts';
import { productSelection, variantJson } from './product-sql.ts';

const keyColumns = { id: Prisma.sql`p.id`, handle: Prisma.sql`p.handle` };

const everyPart: readonly ProductPart[] = ['options', 'variants', 'media', 'categories', 'collections', 'priceRanges'];

/** Products by one of their keys, in one statement however many. Unknown and unseen ones are left out. */
export async function readProducts(
  database: Reader,
  by: keyof typeof keyColumns,
  keys: readonly string[],
  statuses: readonly ProductStatus[],
  parts: Iterable<ProductPart>,
): Promise<ProductRecord[]> {
  const rows = await database.$queryRaw<ProductRow[]>`
    SELECT ${productSelection(parts)} FROM product p
    WHERE ${keyColumns[by]} = ANY(${[...keys]}::text[]) AND p.status = ANY(${[...statuses]}::product_status[])`;
  return rows.map(toProduct);
}

/** Whole products whatever their status: for the domain itself, not for viewers. */
export async function readWholeProducts(
  database: Reader,
  by: keyof typeof keyColumns,
  keys: readonly string[],
): Promise<WholeProduct[]> {
  if (keys.length === 0) return [];
  const rows = await database.$queryRaw<ProductRow[]>`
    SELECT ${productSelection(everyPart)} FROM product p WHERE ${keyColumns[by]} = ANY(${[...keys]}::text[])`;
  return rows.map(toProduct).map(whole);
}

function whole(product: ProductRecord): WholeProduct {
  const { options, variants, media, categories, collections, priceRanges } = product;
  if (!options || !variants || !media || !categories || !collections || !priceRanges) {
    throw new Error(`Product ${product.id} was read without some of its parts.`);
  }
  return { ...product, options, variants, media, categories, collections, priceRanges };
}

const variantKeyColumns = { id: Prisma.sql`v.id`, sku: Prisma.sql`v.sku` };

/** Variants by one of their keys, in one statement; left out when their product is not to be seen. */
export async function readVariants(
  database: Reader,
  by: keyof typeof variantKeyColumns,
  keys: readonly string[],
  statuses: readonly ProductStatus[],
): Promise<VariantRecord[]> {
  const rows = await database.$queryRaw<{ variant: VariantRow }[]>`
    SELECT ${variantJson} AS variant FROM product_variant v JOIN product p ON p.id = v.product_id
    WHERE ${variantKeyColumns[by]} = ANY(${[...keys]}::text[]) AND p.status = ANY(${[...statuses]}::product_status[])`;
  return rows.map(({ variant }) => toVariant(variant));
}
