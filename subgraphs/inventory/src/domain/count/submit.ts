import type { Viewer } from '@mercato/auth';
import { newId } from '@mercato/ids';
import { actorOf } from '../actor.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { checkLineCount, checkText, firstFault, type InvalidInput, invalid } from '../input-check.ts';
import { onceForKey } from '../staff/once-for-key.ts';
import { findWarehouse } from '../warehouse.ts';
import { type StockCountRow, stockCountsById } from './stock-count.ts';

interface CountLine {
  readonly sku: string;
  readonly counted: number;
}

export interface CountSubmission {
  readonly viewer: Viewer;
  readonly warehouse: string;
  readonly lines: readonly CountLine[];
  readonly countedAt: Date;
  readonly reference: string | null;
  readonly idempotencyKey: string;
}

export type SubmitCountOutcome =
  | { kind: 'submitted'; count: StockCountRow; runId: string }
  | { kind: 'unknown-warehouse' }
  | { kind: 'key-reused' }
  | InvalidInput;

const maxLines = 5000;
const maxCounted = 10_000_000;
/** Clocks differ: a count from a minute ahead is from now. */
const clockToleranceMs = 60_000;
/** An older one is a slip of the year: as of then the books say nothing of what is on the shelf. */
const oldestDays = 180;

/** Takes a count in and queues its comparison; no stock changes yet. */
export async function submitCount(db: InventoryDatabase, submission: CountSubmission): Promise<SubmitCountOutcome> {
  const { viewer, ...input } = submission;
  const fault = checkSubmission(submission);
  if (fault) return fault;
  const actor = actorOf(viewer);
  const call = { actor, idempotencyKey: input.idempotencyKey };
  const { idempotencyKey: _, ...keyed } = input;

  const outcome = await onceForKey(db, 'stockCountSubmit', call, keyed, async (tx) => {
    const warehouse = await findWarehouse(tx, input.warehouse);
    // A partner's own shelves only; others are none of its business, not even whether they exist.
    if (!warehouse || (viewer.kind === 'partner' && warehouse.partnerId !== viewer.id)) {
      return { kind: 'unknown-warehouse' as const };
    }
    return { kind: 'done' as const, ...(await takeIn(tx, submission, warehouse.id, actor)) };
  });
  if (outcome.kind !== 'done') return outcome;
  const [count] = await stockCountsById(db, [outcome.countId]);
  if (!count) throw new Error('A count vanished after it was taken in.');
  return { kind: 'submitted', count, runId: outcome.runId };
}

function checkSubmission({ lines, countedAt, ...input }: CountSubmission): InvalidInput | undefined {
  const seen = new Set<string>();
  return firstFault(
    checkText(input.idempotencyKey, 'idempotencyKey'),
    checkText(input.reference, 'reference'),
    checkText(input.warehouse, 'warehouse'),
    countedAt.getTime() > Date.now() + clockToleranceMs
      ? invalid('`countedAt` is still to come; give the instant at which it was counted.', 'countedAt')
      : undefined,
    countedAt.getTime() < Date.now() - oldestDays * 86_400_000
      ? invalid(
          `\`countedAt\` is more than ${oldestDays} days ago; give the instant at which it was counted.`,
          'countedAt',
        )
      : undefined,
    checkLineCount(lines, maxLines),
    ...lines.slice(0, maxLines).map(({ sku, counted }, index) => {
      const path = ['lines', String(index)];
      const repeated = seen.has(sku);
      seen.add(sku);
      if (repeated)
        return invalid(`The sku ${JSON.stringify(sku)} is counted twice; send one line a sku.`, ...path, 'sku');
      if (counted < 0 || counted > maxCounted) {
        return invalid(`\`counted\` is ${counted}; give a number from 0 to ${maxCounted}.`, ...path, 'counted');
      }
      return checkText(sku, ...path, 'sku');
    }),
  );
}

async function takeIn(
  tx: InventoryTransaction,
  { lines, countedAt, reference }: CountSubmission,
  warehouseId: string,
  actor: string,
): Promise<{ countId: string; runId: string }> {
  const countId = newId('stock_count');
  const runId = newId('reconciliation_run');
  await tx.stockCount.create({
    data: { id: countId, warehouseId, reference, actor, lineCount: lines.length, countedAt },
  });
  await tx.stockCountLine.createMany({ data: lines.map((line) => ({ ...line, countId })) });
  await tx.reconciliationRun.create({
    data: { id: runId, trigger: 'COUNT', warehouseId, countId, actor, step: 'COUNTS', total: lines.length },
  });
  return { countId, runId };
}

/** A count as its sender or staff may see it; null for others. */
export async function findCount(db: InventoryDatabase, viewer: Viewer, id: string): Promise<StockCountRow | null> {
  const [count] = await stockCountsById(db, [id]);
  if (!count || (viewer.kind === 'partner' && count.actor !== viewer.id)) return null;
  return count;
}
