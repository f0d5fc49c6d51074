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
import { groupBy } from '../grouping.ts';

export type DiscrepancyRow = Discrepancy;
export type DiscrepancyPage = Connection<DiscrepancyRow>;

export const asFound: KeysetSort = {
  name: 'FOUND',
  // Ids carry the time they were made.
  columns: [{ expression: Prisma.sql`d.id`, direction: 'asc', type: 'text' }],
};

export const discrepanciesById = (db: InventoryReader, ids: readonly string[]): Promise<DiscrepancyRow[]> =>
  db.discrepancy.findMany({ where: { id: { in: [...ids] } } });

/** The same page of each run's discrepancies, in two statements; counts, when asked for, in one more. */
export async function listDiscrepanciesByRun(
  db: InventoryReader,
  runIds: readonly string[],
  resolution: DiscrepancyResolution | null,
  page: PageRequest,
): Promise<DiscrepancyPage[]> {
  const wanted =
    resolution === null ? Prisma.sql`TRUE` : Prisma.sql`d.resolution = ${resolution}::discrepancy_resolution`;
  const ids = await db.$queryRaw<{ id: string }[]>`
    SELECT found.id FROM unnest(${[...runIds]}::text[]) AS run(id) CROSS JOIN LATERAL (
      SELECT d.id FROM discrepancy d WHERE d.run_id = run.id AND ${wanted} AND ${keysetWhere(page)}
      ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}) found`;
  const rows = await discrepanciesById(
    db,
    ids.map(({ id }) => id),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byRun = groupBy(
    ids.flatMap(({ id }) => byId.get(id) ?? []),
    ({ runId }) => runId,
  );
  let counts: Promise<ReadonlyMap<string, number>> | undefined;
  const countOf = async (runId: string) => {
    counts ??= countByRun(db, runIds, resolution);
    return (await counts).get(runId) ?? 0;
  };
  return runIds.map((runId) =>
    connection(
      byRun.get(runId) ?? [],
      page,
      ({ id }) => [id],
      () => countOf(runId),
    ),
  );
}

async function countByRun(
  db: InventoryReader,
  runIds: readonly string[],
  resolution: DiscrepancyResolution | null,
): Promise<ReadonlyMap<string, number>> {
  const counted = await db.discrepancy.groupBy({
    by: ['runId'],
    where: { runId: { in: [...runIds] }, ...(resolution && { resolution }) },
    _count: true,
  });
  return new Map(counted.map(({ runId, _count }) => [runId, _count]));
}
