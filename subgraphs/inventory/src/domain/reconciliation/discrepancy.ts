import {
  type Connection,
  connection,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageRequest,
} from '@mercato/pagination';
import { type Discrepancy, type DiscrepancyResolution, Prisma } from '../../generated/prisma/client.ts';
import type { InventoryReader } from '../database.ts';

export type DiscrepancyRow = Discrepancy;
export type DiscrepancyPage = Connection<DiscrepancyRow>;

export const asFound: KeysetSort = {
  name: 'FOUND',
  // Ids carry the time they were made.
  columns: [{ expression: Prisma.sql`d.id`, direction: 'asc', type: 'text' }],
};

export const discrepanciesById = (db: InventoryReader, ids: readonly string[]): Promise<DiscrepancyRow[]> =>
  db.discrepancy.findMany({ where: { id: { in: [...ids] } } });

export async function listDiscrepancies(
  db: InventoryReader,
  filter: { readonly runId: string; readonly resolution: DiscrepancyResolution | null },
  page: PageRequest,
): Promise<DiscrepancyPage> {
  const { runId, resolution } = filter;
  const ids = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM discrepancy d
    WHERE d.run_id = ${runId} AND (${resolution}::text IS NULL OR d.resolution::text = ${resolution})
      AND ${keysetWhere(page)} ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  const found = new Map(
    (
      await discrepanciesById(
        db,
        ids.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const rows = ids.flatMap(({ id }) => found.get(id) ?? []);
  return connection(
    rows,
    page,
    ({ id }) => [id],
    () => db.discrepancy.count({ where: { runId, ...(resolution ? { resolution } : {}) } }),
  );
}
