import type { CursorValue, KeysetColumn, KeysetSort } from '@mercato/pagination';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { ProductQuery } from '../search-index.ts';
import { textScore } from './text-query.ts';

/** An order of products: what `product AS p` is sorted by, and how that is paged through. */
export interface ProductOrder {
  readonly key: Prisma.Sql;
  /** What `key` needs beside `p`. */
  readonly join: Prisma.Sql;
  /** In terms of the columns `key` and `id` of what matches. */
  readonly sort: KeysetSort;
  /** The key as it comes out of JSON, fit for a cursor. */
  readCursorValue(key: unknown): CursorValue;
}

/** The id tells equals apart and runs the same way, so that one row comparison pages through both. */
const byKey = (name: string, direction: 'asc' | 'desc', type: KeysetColumn['type']): KeysetSort => ({
  name,
  columns: [
    { expression: Prisma.sql`m.key`, direction, type },
    { expression: Prisma.sql`m.id`, direction, type: 'text' },
  ],
});

const text = (key: unknown) => String(key);
const bigint = (key: unknown) => BigInt(String(key));
const instant = (key: unknown) => new Date(String(key));

/** Without a search the most relevant is what the shop put first. */
export function orderOf({ sort, search, currency }: ProductQuery): ProductOrder {
  const join = Prisma.empty;
  switch (sort) {
    case 'RELEVANCE':
      return search === null
        ? { key: Prisma.sql`p.position`, join, sort: byKey('shop', 'asc', 'bigint'), readCursorValue: bigint }
        : { key: textScore, join, sort: byKey('relevance', 'desc', 'float8'), readCursorValue: Number };
    case 'NEWEST':
      return {
        key: Prisma.sql`p.created_at`,
        join,
        sort: byKey('newest', 'desc', 'timestamptz'),
        readCursorValue: instant,
      };
    case 'UPDATED_AT':
      return {
        key: Prisma.sql`p.updated_at`,
        join,
        sort: byKey('updated', 'asc', 'timestamptz'),
        readCursorValue: instant,
      };
    case 'TITLE':
      return { key: Prisma.sql`p.sort_title`, join, sort: byKey('title', 'asc', 'text'), readCursorValue: text };
    // Products without a price in the currency come last either way.
    case 'PRICE_ASC':
      return {
        key: Prisma.sql`coalesce(r.min_amount, 9223372036854775807)`,
        join: priceRange(currency),
        sort: byKey(`price-asc-${currency}`, 'asc', 'bigint'),
        readCursorValue: bigint,
      };
    case 'PRICE_DESC':
      return {
        key: Prisma.sql`coalesce(r.max_amount, -1)`,
        join: priceRange(currency),
        sort: byKey(`price-desc-${currency}`, 'desc', 'bigint'),
        readCursorValue: bigint,
      };
  }
}

const priceRange = (currency: string) =>
  Prisma.sql`LEFT JOIN product_price_range r ON r.product_id = p.id AND r.currency = ${currency}`;
