import { connection, keysetOrderBy, keysetWhere, type PageArguments, readPageArguments } from '@mercato/pagination';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { Reader } from '../../database.ts';
import type { FoundPage, ProductQuery } from '../search-index.ts';
import { conditions } from './conditions.ts';
import { orderOf } from './orders.ts';
import { textQuery } from './text-query.ts';

interface FoundRow {
  items: { id: string; key: unknown }[];
  total: number | null;
}

/** Page and count in one statement. Keys travel as text where JSON would round them. */
export async function find(
  database: Reader,
  query: ProductQuery,
  args: PageArguments,
  { count }: { count: boolean },
): Promise<FoundPage> {
  const order = orderOf(query);
  const page = readPageArguments(args, { sort: order.sort });
  const key = order.sort.columns[0]?.type === 'bigint' ? Prisma.sql`f.key::text` : Prisma.sql`f.key`;
  const [found] = await database.$queryRaw<FoundRow[]>`
    WITH ${query.search === null ? Prisma.empty : Prisma.sql`${textQuery(query.search)},`}
    matching AS (
      SELECT p.id, ${order.key} AS key FROM product p ${order.join} WHERE ${conditions(query)}
    ),
    found AS (
      SELECT m.id, m.key, row_number() OVER (ORDER BY ${keysetOrderBy(page)}) AS n FROM matching m
      WHERE ${keysetWhere(page)} ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}
    )
    SELECT (SELECT coalesce(json_agg(json_build_object('id', f.id, 'key', ${key}) ORDER BY f.n), '[]') FROM found f) AS items,
      ${count ? Prisma.sql`(SELECT count(*)::int FROM matching)` : Prisma.sql`NULL::int`} AS total`;
  if (!found) throw new Error('A search gave no row.');

  const { edges, pageInfo } = connection(
    found.items,
    page,
    (item) => [order.readCursorValue(item.key), item.id],
    async () => found.total ?? 0,
  );
  return {
    items: edges.map(({ cursor, node }) => ({ id: node.id, cursor })),
    pageInfo,
    totalCount: found.total,
  };
}
