import { decodeCursor, encodeCursor, type KeysetSort, keysetOrderBy, keysetWhere } from '@mercato/pagination';
import { type CheckoutDatabase, Prisma } from '../database.ts';
import type { OrderStatus } from './status.ts';

/** An order as inventory compares it with its reservation. */
export interface OrderForReconciliation {
  readonly id: string;
  readonly status: OrderStatus;
  readonly country: string | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export interface ReconciliationQuestion {
  readonly ids?: readonly string[] | null | undefined;
  readonly placedAfter?: Date | null | undefined;
  readonly placedBefore?: Date | null | undefined;
  readonly first: number;
  readonly after?: string | null | undefined;
}

export type ReconciliationAnswer =
  | { readonly kind: 'page'; readonly orders: OrderForReconciliation[]; readonly endCursor: string | null }
  | { readonly kind: 'wrong-question'; readonly message: string };

export const mostForReconciliation = 500;

const oldestFirst: KeysetSort = {
  name: 'orders-by-placing',
  columns: [
    { expression: Prisma.sql`o.placed_at`, direction: 'asc', type: 'timestamptz' },
    { expression: Prisma.sql`o.id`, direction: 'asc', type: 'text' },
  ],
};

type Row = OrderForReconciliation & { readonly placedAt: Date | null };

/** The orders of these ids, or a page of those placed in a span of time, oldest first. One statement. */
export async function ordersForReconciliation(
  db: CheckoutDatabase,
  { ids, placedAfter, placedBefore, first, after }: ReconciliationQuestion,
): Promise<ReconciliationAnswer> {
  if (first < 1 || first > mostForReconciliation) return wrong(`\`first\` is from 1 to ${mostForReconciliation}.`);
  if (ids) {
    if (ids.length > mostForReconciliation) return wrong(`\`ids\` holds at most ${mostForReconciliation}.`);
    return {
      kind: 'page',
      orders: await read(db, Prisma.sql`o.id = ANY(${[...ids]}::text[])`, ids.length),
      endCursor: null,
    };
  }
  if (!placedAfter) return wrong('Give either `ids` or `placedAfter`.');
  const decoded = after ? decodeCursor(oldestFirst, after) : { kind: 'ok' as const, values: null };
  if (decoded.kind !== 'ok') return wrong('`after` is not an endCursor of this list.');

  const page = { sort: oldestFirst, direction: 'forward' as const, cursor: decoded.values };
  const before = placedBefore ? Prisma.sql`o.placed_at < ${placedBefore}` : Prisma.sql`TRUE`;
  const rows = await read(
    db,
    Prisma.sql`o.placed_at >= ${placedAfter} AND ${before} AND ${keysetWhere(page)}`,
    first + 1,
    keysetOrderBy(page),
  );
  const orders = rows.slice(0, first);
  const last = rows.length > first ? orders.at(-1) : undefined;
  return { kind: 'page', orders, endCursor: last ? encodeCursor(oldestFirst, [last.placedAt, last.id]) : null };
}

const read = (db: CheckoutDatabase, condition: Prisma.Sql, limit: number, order = Prisma.sql`o.id`): Promise<Row[]> =>
  db.$queryRaw<Row[]>`
    SELECT o.id, o.status::text AS status, o.shipping_address ->> 'country' AS country, o.placed_at AS "placedAt",
      coalesce((SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) ORDER BY l.position)
        FROM order_line l WHERE l.order_id = o.id), '[]') AS lines
    FROM customer_order o WHERE ${condition} ORDER BY ${order} LIMIT ${limit}`;

const wrong = (message: string): ReconciliationAnswer => ({ kind: 'wrong-question', message });
