import type { ReconciliationStep } from '../../generated/prisma/client.ts';
import type { InventoryReader } from '../database.ts';
import type { RunRow } from './run.ts';

/** Someone cancelled the run, or another worker carries it on: whoever meets this stops and changes nothing more. */
export class TurnLost extends Error {
  override readonly name = 'TurnLost';
}

/** Where a run goes on after a chunk. A cursor is JSON; null is the beginning of a step. */
export interface Progress {
  readonly step?: ReconciliationStep;
  readonly cursor?: Readonly<Record<string, unknown>> | null;
  /** Levels compared by the chunk. */
  readonly scanned?: number;
  readonly omission?: string;
}

/**
 * Takes the run's next turn and saves how far it gets by it. As the first statement of a chunk's transaction it also
 * keeps the run to this worker until the chunk is written: a chunk counts once, whoever is killed when.
 * @throws TurnLost
 */
export async function takeTurn(db: InventoryReader, run: RunRow, progress: Progress = {}): Promise<RunRow> {
  const { step, cursor, scanned = 0, omission } = progress;
  const moved = step !== undefined || cursor !== undefined;
  const [next] = await db.$queryRaw<{ turn: number; scanned: number }[]>`
    UPDATE reconciliation_run SET turn = turn + 1, updated_at = now(), scanned = scanned + ${scanned},
      step = ${step ?? run.step}::reconciliation_step,
      omission = coalesce(${omission ?? null}::text, omission),
      cursor = CASE WHEN ${moved} THEN ${cursor ? JSON.stringify(cursor) : null}::jsonb ELSE cursor END
    WHERE id = ${run.id} AND turn = ${run.turn} AND status = 'RUNNING' RETURNING turn, scanned`;
  if (!next) throw new TurnLost();
  return {
    ...run,
    ...next,
    ...(step !== undefined && { step }),
    ...(moved && { cursor: cursor ? JSON.parse(JSON.stringify(cursor)) : null }),
  };
}

/** Takes a run up, from whoever had it. @returns null when it has ended */
export async function takeUp(db: InventoryReader, runId: string): Promise<RunRow | null> {
  const { count } = await db.reconciliationRun.updateMany({
    where: { id: runId, status: { in: ['QUEUED', 'RUNNING'] } },
    data: { status: 'RUNNING', turn: { increment: 1 }, updatedAt: new Date() },
  });
  if (count === 0) return null;
  await db.reconciliationRun.updateMany({ where: { id: runId, startedAt: null }, data: { startedAt: new Date() } });
  return db.reconciliationRun.findUnique({ where: { id: runId } });
}

export async function finish(
  db: InventoryReader,
  run: RunRow,
  end: { readonly status: 'COMPLETED' } | { readonly status: 'FAILED'; readonly failure: string },
): Promise<void> {
  await db.reconciliationRun.updateMany({
    where: { id: run.id, status: 'RUNNING', turn: run.turn },
    data: {
      ...end,
      finishedAt: new Date(),
      updatedAt: new Date(),
      ...(end.status === 'COMPLETED' && { step: 'DONE' }),
    },
  });
}

/** Text of the run's cursor by its name, as this step wrote it. */
export function cursorText(run: RunRow, name: string): string | null {
  const { cursor } = run;
  if (cursor === null || typeof cursor !== 'object' || Array.isArray(cursor)) return null;
  const value = cursor[name];
  return typeof value === 'string' ? value : null;
}
