import { newId } from '@mercato/ids';
import type { ReconciliationTrigger } from '../../generated/prisma/client.ts';
import type { InventoryDatabase } from '../database.ts';
import { checkText, firstFault, type InvalidInput, invalid } from '../input-check.ts';
import { findWarehouse } from '../warehouse.ts';
import type { RunRow } from './run.ts';
import { overlap } from './scope.ts';

export interface StartRequest {
  readonly trigger: Exclude<ReconciliationTrigger, 'COUNT'>;
  readonly actor: string;
  /** Code; null for all. */
  readonly warehouse: string | null;
  readonly skus: readonly string[];
}

export type StartOutcome =
  | { kind: 'started'; run: RunRow }
  | { kind: 'already-running'; run: RunRow }
  | { kind: 'unknown-warehouse' }
  | InvalidInput;

const maxSkus = 500;

/** Saves a run to be carried out, unless one over some of the same stock is at work. Comparing a count is none. */
export async function startRun(db: InventoryDatabase, request: StartRequest): Promise<StartOutcome> {
  const { trigger, actor, warehouse: code } = request;
  const skus = [...new Set(request.skus)];
  const fault = firstFault(
    checkText(code, 'scope', 'warehouse'),
    skus.length > maxSkus
      ? invalid(`\`skus\` has ${skus.length} skus; name at most ${maxSkus}, or none for all.`, 'scope', 'skus')
      : undefined,
    ...skus.map((sku, index) => checkText(sku, 'scope', 'skus', String(index))),
  );
  if (fault) return fault;

  return db.$transaction(async (tx): Promise<StartOutcome> => {
    const warehouse = code === null ? null : await findWarehouse(tx, code);
    if (code !== null && !warehouse) return { kind: 'unknown-warehouse' };
    // Of two who start at once, the second sees the first's run.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('inventory.reconciliation.start', 0))`;
    const active = await tx.reconciliationRun.findMany({
      where: { status: { in: ['QUEUED', 'RUNNING'] }, trigger: { not: 'COUNT' } },
    });
    const scope = { warehouseId: warehouse?.id ?? null, skus };
    const running = active.find((run) => overlap(run, scope));
    if (running) return { kind: 'already-running', run: running };
    const run = await tx.reconciliationRun.create({
      data: { id: newId('reconciliation_run'), trigger, actor, ...scope },
    });
    return { kind: 'started', run };
  });
}

/** Runs that nobody has worked on for a while, such as when the queue lost their jobs. */
export async function forsakenRuns(db: InventoryDatabase): Promise<string[]> {
  const runs = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM reconciliation_run
    WHERE status IN ('QUEUED', 'RUNNING') AND updated_at < now() - interval '2 minutes' ORDER BY id LIMIT 100`;
  return runs.map(({ id }) => id);
}
