import {
  type Connection,
  connection,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageRequest,
} from '@mercato/pagination';
import { Prisma } from '../../generated/prisma/client.ts';
import type { InventoryReader } from '../database.ts';
import { groupBy } from '../grouping.ts';
import { type ReservationRow, reservationsById } from './reservation.ts';

export type ReservationPage = Connection<ReservationRow>;

export const oldestReservationFirst: KeysetSort = {
  name: 'OLDEST',
  columns: [
    { expression: Prisma.sql`r.created_at`, direction: 'asc', type: 'timestamptz' },
    { expression: Prisma.sql`r.id`, direction: 'asc', type: 'text' },
  ],
};

interface Level {
  readonly sku: string;
  readonly warehouseId: string;
}

const held = Prisma.sql`h.status IN ('HELD', 'CONFIRMED') AND h.quantity > h.fulfilled_quantity`;

/** The same page of the reservations that hold each level, in two statements; counts, when asked for, in one more. */
export async function listOpenReservations(
  db: InventoryReader,
  levels: readonly Level[],
  page: PageRequest,
): Promise<ReservationPage[]> {
  const found = await db.$queryRaw<{ position: number; id: string }[]>`
    SELECT wanted.position::int AS position, held.id
    FROM unnest(${levels.map(({ sku }) => sku)}::text[], ${levels.map(({ warehouseId }) => warehouseId)}::text[])
      WITH ORDINALITY AS wanted(sku, warehouse_id, position)
    CROSS JOIN LATERAL (
      SELECT r.id, row_number() OVER (ORDER BY ${keysetOrderBy(page)}) AS rank
      FROM reservation_line h JOIN reservation r ON r.id = h.reservation_id
      WHERE h.sku = wanted.sku AND h.warehouse_id = wanted.warehouse_id AND ${held} AND ${keysetWhere(page)}
      ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}) held
    ORDER BY wanted.position, held.rank`;
  const ids = [...new Set(found.map(({ id }) => id))];
  const rows = new Map((await reservationsById(db, ids)).map((row) => [row.id, row]));
  const byLevel = groupBy(found, ({ position }) => position);
  let counts: Promise<ReadonlyMap<number, number>> | undefined;
  const countOf = async (position: number) => {
    counts ??= countHolding(db, levels);
    return (await counts).get(position) ?? 0;
  };
  return levels.map((_level, index) =>
    connection(
      (byLevel.get(index + 1) ?? []).flatMap(({ id }) => rows.get(id) ?? []),
      page,
      ({ createdAt, id }) => [createdAt, id],
      () => countOf(index + 1),
    ),
  );
}

/** By the level's position, which begins at 1. */
async function countHolding(db: InventoryReader, levels: readonly Level[]): Promise<ReadonlyMap<number, number>> {
  const rows = await db.$queryRaw<{ position: number; count: number }[]>`
    SELECT wanted.position::int AS position, count(*)::int AS count
    FROM unnest(${levels.map(({ sku }) => sku)}::text[], ${levels.map(({ warehouseId }) => warehouseId)}::text[])
      WITH ORDINALITY AS wanted(sku, warehouse_id, position)
    JOIN reservation_line h ON h.sku = wanted.sku AND h.warehouse_id = wanted.warehouse_id AND ${held}
    GROUP BY wanted.position`;
  return new Map(rows.map(({ position, count }) => [position, count]));
}
