import type { ReconciliationStep } from '../../generated/prisma/client.ts';
import type { InventoryDatabase } from '../database.ts';
import { OrdersUnavailable } from './orders.ts';
import type { ReconciliationParts } from './parts.ts';
import type { RunRow } from './run.ts';
import { inScope } from './scope.ts';
import { compareAvailabilityChunk } from './steps/availability.ts';
import { compareCountChunk } from './steps/counts.ts';
import { compareExpiredHolds } from './steps/expired-holds.ts';
import { compareLevelChunk } from './steps/levels.ts';
import { comparePlacedOrders } from './steps/placed-orders.ts';
import { compareReservations } from './steps/reservations.ts';
import { finish, TurnLost, takeTurn, takeUp } from './turn.ts';

type Chunk = (parts: ReconciliationParts, run: RunRow) => Promise<RunRow>;

/** A step does one chunk and says where to go on: this step again with a cursor, or the next. */
const steps: Readonly<Record<Exclude<ReconciliationStep, 'DONE'>, Chunk>> = {
  EXPIRED_HOLDS: compareExpiredHolds,
  LEVELS: compareLevelChunk,
  AVAILABILITY: compareAvailabilityChunk,
  RESERVATIONS: unlessOrdersUnavailable(compareReservations),
  PLACED_ORDERS: unlessOrdersUnavailable(comparePlacedOrders),
  COUNTS: compareCountChunk,
};

export interface ExecuteOptions {
  /** Aborted when the worker closes: the run waits for another worker. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { scanned: number; total: number | null }) => Promise<void>;
}

/**
 * Carries a run from wherever it stands to its end, chunk by chunk. Each chunk is written with the place to go on
 * from, so that a worker may die at any instant and another goes on; of two on one run, one stops.
 */
export async function executeRun(
  parts: ReconciliationParts,
  runId: string,
  { signal, onProgress }: ExecuteOptions,
): Promise<'completed' | 'ended-before' | 'taken-over'> {
  const taken = await takeUp(parts.db, runId);
  if (!taken) return 'ended-before';
  let run = await withTotal(parts.db, taken);
  try {
    while (run.step !== 'DONE') {
      signal.throwIfAborted();
      const { scanned } = run;
      run = await steps[run.step](parts, run);
      if (run.scanned !== scanned) await onProgress?.({ scanned: run.scanned, total: run.total });
    }
  } catch (error) {
    if (error instanceof TurnLost) return 'taken-over';
    throw error;
  }
  await finish(parts.db, run, { status: 'COMPLETED' });
  return 'completed';
}

/** Gives a run up that failed again and again; it can be started anew. */
export async function giveUpRun(db: InventoryDatabase, runId: string): Promise<void> {
  const run = await takeUp(db, runId);
  if (run) await finish(db, run, { status: 'FAILED', failure: 'It failed again and again; the log says why.' });
}

async function withTotal(db: InventoryDatabase, run: RunRow): Promise<RunRow> {
  if (run.total !== null) return run;
  const [counted] = await db.$queryRaw<[{ total: number }]>`
    SELECT count(*)::int AS total FROM stock_level WHERE ${inScope(run)}`;
  await db.reconciliationRun.updateMany({ where: { id: run.id }, data: { total: counted.total } });
  return { ...run, total: counted.total };
}

/** Without checkout's answer nothing is known of orders: the comparison is left out and the run says so. */
function unlessOrdersUnavailable(step: Chunk): Chunk {
  return async (parts, run) => {
    try {
      return await step(parts, run);
    } catch (error) {
      if (!(error instanceof OrdersUnavailable)) throw error;
      parts.logger.warn({ err: error, runId: run.id }, 'Reservations are not matched with orders');
      const omission = 'Reservations were not matched with orders: checkout could not be asked.';
      return takeTurn(parts.db, await currentTurn(parts.db, run), { step: 'COUNTS', cursor: null, omission });
    }
  };
}

/** The step may have taken turns before it met the outage. */
async function currentTurn(db: InventoryDatabase, run: RunRow): Promise<RunRow> {
  const now = await db.reconciliationRun.findUnique({ where: { id: run.id }, select: { turn: true } });
  return { ...run, turn: now?.turn ?? run.turn };
}
