import { Prisma } from '../../../generated/prisma/client.ts';
import type { OptionCondition, ProductQuery } from '../search-index.ts';
import { matchesText } from './text-query.ts';

/** A filter that a facet feeds, left out when that facet is counted. */
export type OwnFilter = 'category' | 'vendors' | 'inStock' | { readonly option: string };

/** The conditions of a query on `product AS p`, joined by AND. */
export function conditions({ search, currency, statuses, filter }: ProductQuery, without?: OwnFilter): Prisma.Sql {
  const all: Prisma.Sql[] = [Prisma.sql`p.status = ANY(${[...statuses]}::product_status[])`];
  if (search !== null) all.push(matchesText);
  if (filter.category !== undefined && without !== 'category') all.push(inCategory(filter.category));
  if (filter.collection !== undefined) all.push(inCollection(filter.collection));
  if (filter.vendors && without !== 'vendors') all.push(Prisma.sql`p.vendor = ANY(${[...filter.vendors]}::text[])`);
  if (filter.inStock !== undefined && without !== 'inStock') all.push(Prisma.sql`p.in_stock = ${filter.inStock}`);
  if (filter.updatedAfter) all.push(Prisma.sql`p.updated_at >= ${filter.updatedAfter.toISOString()}::timestamptz`);
  if (filter.handles) all.push(Prisma.sql`p.handle = ANY(${[...filter.handles]}::text[])`);
  if (filter.priceMin !== undefined || filter.priceMax !== undefined) {
    all.push(pricedWithin(currency, filter.priceMin, filter.priceMax));
  }
  const options = optionsWithout(filter.options ?? [], without);
  if (options.length > 0) {
    all.push(Prisma.sql`EXISTS (
      SELECT 1 FROM product_variant v WHERE v.product_id = p.id AND ${hasOptions(Prisma.sql`v.id`, options)})`);
  }
  return Prisma.join(all, ' AND ');
}

export const optionsWithout = (options: readonly OptionCondition[], without?: OwnFilter): OptionCondition[] =>
  options.filter(({ name }) => !(typeof without === 'object' && without.option === name));

/** Whether one variant has one of the values of each of these options; TRUE for none. */
export const hasOptions = (variantId: Prisma.Sql, options: readonly OptionCondition[]): Prisma.Sql =>
  options.length === 0
    ? Prisma.sql`TRUE`
    : Prisma.join(
        options.map(
          ({ name, values }) => Prisma.sql`EXISTS (
            SELECT 1 FROM variant_option_value ov
            WHERE ov.variant_id = ${variantId} AND ov.name = ${name} AND ov.value = ANY(${[...values]}::text[]))`,
        ),
        ' AND ',
      );

const inCategory = (handle: string) => Prisma.sql`EXISTS (
  SELECT 1 FROM product_category pk JOIN category k ON k.id = pk.category_id
  WHERE pk.product_id = p.id AND k.path @> ARRAY[${handle}])`;

const inCollection = (handle: string) => Prisma.sql`EXISTS (
  SELECT 1 FROM product_collection pl JOIN collection l ON l.id = pl.collection_id
  WHERE pl.product_id = p.id AND l.handle = ${handle})`;

const pricedWithin = (currency: string, min: bigint | undefined, max: bigint | undefined) => Prisma.sql`EXISTS (
  SELECT 1 FROM variant_price c WHERE c.product_id = p.id AND c.currency = ${currency}
  ${min === undefined ? Prisma.empty : Prisma.sql`AND c.amount >= ${min}`}
  ${max === undefined ? Prisma.empty : Prisma.sql`AND c.amount <= ${max}`})`;
