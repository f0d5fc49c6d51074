import {
  type Connection,
  connection,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageRequest,
} from '@mercato/pagination';
import { type CheckoutDatabase, Prisma } from '../database.ts';
import { type Order, type OrderRow, orderColumns, readOrder } from './order.ts';
import type { OrderStatus } from './status.ts';

export interface OrderFilter {
  readonly statuses?: readonly OrderStatus[] | null | undefined;
  readonly number?: string | null | undefined;
  /** Case does not matter. */
  readonly email?: string | null | undefined;
  readonly placedAfter?: Date | null | undefined;
  readonly placedBefore?: Date | null | undefined;
}

export type OrderPage = Connection<Order>;

export const ordersNewestFirst: KeysetSort = {
  name: 'orders-newest-first',
  columns: [
    { expression: Prisma.sql`customer_order.created_at`, direction: 'desc', type: 'timestamptz' },
    { expression: Prisma.sql`customer_order.id`, direction: 'desc', type: 'text' },
  ],
};

/** One statement, and another where the count is asked for. */
export async function listOrders(db: CheckoutDatabase, filter: OrderFilter, page: PageRequest): Promise<OrderPage> {
  const kept = conditionOf(filter);
  const rows = await db.$queryRaw<OrderRow[]>`
    SELECT ${orderColumns} FROM customer_order WHERE ${kept} AND ${keysetWhere(page)}
    ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  return connection(
    rows.map(readOrder),
    page,
    ({ createdAt, id }) => [createdAt, id],
    async () => {
      const [counted] = await db.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM customer_order WHERE ${kept}`;
      return counted?.count ?? 0;
    },
  );
}

function conditionOf({ statuses, number, email, placedAfter, placedBefore }: OrderFilter): Prisma.Sql {
  const conditions = [
    statuses ? Prisma.sql`status::text = ANY(${[...statuses]}::text[])` : null,
    number ? Prisma.sql`number = ${number.trim().toUpperCase()}` : null,
    email ? Prisma.sql`lower(email) = lower(${email.trim()})` : null,
    placedAfter ? Prisma.sql`placed_at >= ${placedAfter}` : null,
    placedBefore ? Prisma.sql`placed_at < ${placedBefore}` : null,
  ].filter((condition) => condition !== null);
  return conditions.length > 0 ? Prisma.join(conditions, ' AND ') : Prisma.sql`TRUE`;
}
