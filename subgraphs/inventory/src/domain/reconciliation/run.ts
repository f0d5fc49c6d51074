import {
  type Connection,
  connection,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageRequest,
} from '@mercato/pagination';
import { Prisma, type ReconciliationRun } from '../../generated/prisma/client.ts';
import type { InventoryReader } from '../database.ts';

export type RunRow = ReconciliationRun;
export type RunPage = Connection<RunRow>;

export const newestRunFirst: KeysetSort = {
  name: 'NEWEST',
  // Ids carry the time they were made.
  columns: [{ expression: Prisma.sql`r.id`, direction: 'desc', type: 'text' }],
};

export const runsById = (db: InventoryReader, ids: readonly string[]): Promise<RunRow[]> =>
  db.reconciliationRun.findMany({ where: { id: { in: [...ids] } } });

/** How many of each run's discrepancies wait for staff now, in one statement. */
export async function pendingByRun(db: InventoryReader, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counted = await db.$queryRaw<{ runId: string; pending: number }[]>`
    SELECT run_id AS "runId", count(*)::int AS pending FROM discrepancy
    WHERE resolution = 'PENDING' AND run_id = ANY(${[...ids]}::text[]) GROUP BY run_id`;
  return new Map(counted.map(({ runId, pending }) => [runId, pending]));
}

export async function listRuns(db: InventoryReader, page: PageRequest): Promise<RunPage> {
  const ids = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM reconciliation_run r WHERE ${keysetWhere(page)} ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  const found = new Map(
    (
      await runsById(
        db,
        ids.map(({ id }) => id),
      )
    ).map((run) => [run.id, run]),
  );
  const rows = ids.flatMap(({ id }) => found.get(id) ?? []);
  return connection(
    rows,
    page,
    ({ id }) => [id],
    () => db.reconciliationRun.count(),
  );
}
