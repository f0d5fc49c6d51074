import { empty, join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { PageRequest } from './arguments.ts';
import type { CursorValue, KeysetColumn, PageDirection } from './sort.ts';

/**
 * The condition that a row comes behind the page's cursor, to be embedded in `Prisma.sql` after WHERE or AND; `TRUE`
 * without a cursor. Rows that were inserted or removed meanwhile shift nothing, unlike with OFFSET.
 *
 * Columns of one direction that are never null become one row comparison, `(a, b) > ($1, $2)`, which an index on
 * `(a, b)` answers; other orders are spelled out column by column.
 */
export function keysetWhere(page: Pick<PageRequest, 'sort' | 'direction' | 'cursor'>): Sql {
  if (page.cursor === null) return sql`TRUE`;

  const { cursor } = page;
  const bounds = page.sort.columns.map((column, index) => bound(column, cursor[index] ?? null, page.direction));
  const [leading] = bounds;
  if (leading === undefined) throw new TypeError(`Order ${page.sort.name} has no columns.`);

  const uniform = bounds.every((each) => each.nulls === undefined && each.ascending === leading.ascending);
  return uniform ? rowComparison(bounds, leading.ascending) : columnByColumn(bounds, leading);
}

/** The ORDER BY list that goes with `keysetWhere`; reversed for backward pages. */
export function keysetOrderBy(page: Pick<PageRequest, 'sort' | 'direction'>): Sql {
  return join(
    page.sort.columns.map((column) => {
      const { ascending, nulls } = orientation(column, page.direction);
      const order = ascending ? sql`${column.expression} ASC` : sql`${column.expression} DESC`;
      return nulls === undefined ? order : sql`${order} ${raw(nulls === 'first' ? 'NULLS FIRST' : 'NULLS LAST')}`;
    }),
    ', ',
  );
}

interface Bound {
  readonly expression: Sql;
  /** The cursor's value as a typed parameter; null for SQL's null. */
  readonly value: Sql | null;
  readonly ascending: boolean;
  readonly nulls: 'first' | 'last' | undefined;
}

function bound(column: KeysetColumn, value: CursorValue, direction: PageDirection): Bound {
  return { expression: column.expression, value: parameter(column, value), ...orientation(column, direction) };
}

/** The cast lets Postgres know the type where it cannot tell it from the other side, as within a row comparison. */
function parameter(column: KeysetColumn, value: CursorValue): Sql | null {
  if (value === null) return null;
  // As text, so that no driver drops the zone.
  const plain = value instanceof Date ? value.toISOString() : value;
  return sql`CAST(${plain} AS ${raw(column.type)})`;
}

function orientation(column: KeysetColumn, direction: PageDirection): Pick<Bound, 'ascending' | 'nulls'> {
  const forward = direction === 'forward';
  const ascending = (column.direction === 'asc') === forward;
  if (column.nulls === undefined) return { ascending, nulls: undefined };
  return { ascending, nulls: (column.nulls === 'first') === forward ? 'first' : 'last' };
}

function rowComparison(bounds: readonly Bound[], ascending: boolean): Sql {
  const expressions = join(bounds.map((each) => each.expression));
  const values = join(bounds.map((each) => each.value ?? empty));
  return ascending ? sql`(${expressions}) > (${values})` : sql`(${expressions}) < (${values})`;
}

function columnByColumn(bounds: readonly Bound[], leading: Bound): Sql {
  const condition = bounds.reduceRight<Sql>((rest, each) => {
    return sql`(${after(each)} OR (${equal(each)} AND ${rest}))`;
  }, sql`FALSE`);
  // Postgres finds no index range in an OR; this one says nothing new but gives it one.
  return leading.nulls === undefined ? sql`(${atOrAfter(leading)} AND ${condition})` : condition;
}

function after({ expression, value, ascending, nulls }: Bound): Sql {
  if (value === null) return nulls === 'first' ? sql`${expression} IS NOT NULL` : sql`FALSE`;
  const beyond = ascending ? sql`${expression} > ${value}` : sql`${expression} < ${value}`;
  return nulls === 'last' ? sql`(${beyond} OR ${expression} IS NULL)` : beyond;
}

function equal({ expression, value }: Bound): Sql {
  return value === null ? sql`${expression} IS NULL` : sql`${expression} = ${value}`;
}

function atOrAfter({ expression, value, ascending }: Bound): Sql {
  return ascending ? sql`${expression} >= ${value ?? empty}` : sql`${expression} <= ${value ?? empty}`;
}
