import type { InventoryDatabase } from '../database.ts';
import type { RunRow } from './run.ts';

export type CancelOutcome = { kind: 'cancelled'; run: RunRow } | { kind: 'not-found' } | { kind: 'ended'; run: RunRow };

/** Stops a run once the chunk it is at is written; what it healed stays healed. Safe to repeat. */
export async function cancelRun(db: InventoryDatabase, runId: string): Promise<CancelOutcome> {
  // Waits for the chunk that is being written, whose transaction holds the row.
  const { count } = await db.reconciliationRun.updateMany({
    where: { id: runId, status: { in: ['QUEUED', 'RUNNING'] } },
    data: { status: 'CANCELLED', finishedAt: new Date(), updatedAt: new Date() },
  });
  const run = await db.reconciliationRun.findUnique({ where: { id: runId } });
  if (!run) return { kind: 'not-found' };
  return count === 1 || run.status === 'CANCELLED' ? { kind: 'cancelled', run } : { kind: 'ended', run };
}
