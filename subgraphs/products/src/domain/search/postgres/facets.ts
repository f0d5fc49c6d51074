import { Prisma } from '../../../generated/prisma/client.ts';
import type { Reader } from '../../database.ts';
import type { Facet, FacetKind, ProductQuery } from '../search-index.ts';
import { conditions, hasOptions, type OwnFilter, optionsWithout } from './conditions.ts';
import { textQuery } from './text-query.ts';

interface FacetRow {
  kind: FacetKind;
  name: string;
  value: string;
  label: string;
  count: number;
  /** How many products the counts were taken over. */
  total: number;
}

/** Values of a facet, and options, that are shown at most. */
const mostValues = 100;
const mostOptions = 30;

/** All facets in one statement; each is counted over what matches without the filter that it feeds itself. */
export async function facets(database: Reader, query: ProductQuery): Promise<Facet[]> {
  const { search, filter } = query;
  const filtered = (filter.options ?? []).map(({ name }) => name);
  const counts = [
    categoryCounts(query),
    vendorCounts(query),
    optionCounts(query, Prisma.sql`s.name <> ALL(${filtered}::text[])`),
    ...filtered.map((name) => optionCounts(query, Prisma.sql`s.name = ${name}`, { option: name })),
    stockCounts(query),
  ];
  const rows = await database.$queryRaw<FacetRow[]>`
    WITH ${search === null ? Prisma.empty : Prisma.sql`${textQuery(search)},`}
    base AS MATERIALIZED (SELECT p.id, p.vendor, p.in_stock FROM product p WHERE ${conditions(query)}),
    counted AS (${Prisma.join(counts, ' UNION ALL ')})
    SELECT kind, name, value, label, count, total FROM (
      SELECT c.*, row_number() OVER (PARTITION BY kind, name ORDER BY count DESC, value) AS n FROM counted c
    ) ranked WHERE n <= ${mostValues} ORDER BY count DESC, value`;
  return arrange(rows);
}

/** The base that all filters make, or one of its own for a facet whose filter is set. */
const baseOf = (query: ProductQuery, without: OwnFilter, isSet: boolean): Prisma.Sql =>
  isSet
    ? Prisma.sql`(SELECT p.id, p.vendor, p.in_stock FROM product p WHERE ${conditions(query, without)})`
    : Prisma.sql`base`;

const categoryCounts = (query: ProductQuery): Prisma.Sql => {
  const base = baseOf(query, 'category', query.filter.category !== undefined);
  return Prisma.sql`
    (WITH b AS MATERIALIZED (SELECT id FROM ${base} x)
    SELECT 'CATEGORY' AS kind, 'Category' AS name, above.handle AS value, above.title AS label,
      count(DISTINCT b.id)::int AS count, (SELECT count(*)::int FROM b) AS total
    FROM b JOIN product_category pk ON pk.product_id = b.id JOIN category k ON k.id = pk.category_id
    JOIN category above ON above.handle = ANY(k.path)
    GROUP BY above.handle, above.title)`;
};

const vendorCounts = (query: ProductQuery): Prisma.Sql => Prisma.sql`
  (WITH b AS MATERIALIZED (SELECT id, vendor FROM ${baseOf(query, 'vendors', query.filter.vendors !== undefined)} x)
  SELECT 'VENDOR', 'Vendor', b.vendor, b.vendor, count(*)::int, (SELECT count(*)::int FROM b)
  FROM b WHERE b.vendor IS NOT NULL GROUP BY b.vendor)`;

/** A value counts where a variant that has it also has what is asked of the other options. */
const optionCounts = (query: ProductQuery, which: Prisma.Sql, without?: { option: string }): Prisma.Sql => {
  const base = without ? baseOf(query, without, true) : Prisma.sql`base`;
  const others = optionsWithout(query.filter.options ?? [], without);
  return Prisma.sql`
    (WITH b AS MATERIALIZED (SELECT id FROM ${base} x)
    SELECT 'OPTION', s.name, s.value, s.value, count(DISTINCT s.product_id)::int, (SELECT count(*)::int FROM b)
    FROM b JOIN variant_option_value s ON s.product_id = b.id
    WHERE ${which} AND ${hasOptions(Prisma.sql`s.variant_id`, others)}
    GROUP BY s.name, s.value)`;
};

const stockCounts = (query: ProductQuery): Prisma.Sql => Prisma.sql`
  (WITH b AS MATERIALIZED (SELECT id, in_stock FROM ${baseOf(query, 'inStock', query.filter.inStock !== undefined)} x)
  SELECT 'IN_STOCK', 'In stock', 'true', 'In stock', count(*)::int, (SELECT count(*)::int FROM b)
  FROM b WHERE b.in_stock HAVING count(*) > 0)`;

const kinds: readonly FacetKind[] = ['CATEGORY', 'VENDOR', 'OPTION', 'IN_STOCK'];

/** Rows come most frequent first. A facet stays when one of its values holds for some of the products only. */
function arrange(rows: readonly FacetRow[]): Facet[] {
  const byName = new Map<string, Facet & { distinguishes: boolean }>();
  for (const { kind, name, value, label, count, total } of rows) {
    const key = `${kind} ${name}`;
    const facet = byName.get(key) ?? { kind, name, values: [], distinguishes: false };
    facet.values.push({ value, label, count });
    byName.set(key, { ...facet, distinguishes: facet.distinguishes || count < total });
  }
  const distinguishing = [...byName.values()].filter(({ distinguishes }) => distinguishes);
  return kinds.flatMap((kind) =>
    distinguishing
      .filter((facet) => facet.kind === kind)
      .slice(0, mostOptions)
      .map(({ name, values }) => ({ kind, name, values })),
  );
}
