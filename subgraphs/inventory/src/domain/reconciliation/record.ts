import { newId } from '@mercato/ids';
import type { DiscrepancyCause, DiscrepancyKind } from '../../generated/prisma/client.ts';
import type { InventoryTransaction } from '../database.ts';
import type { RunRow } from './run.ts';

/** A difference as a step found it. */
export interface Finding {
  readonly kind: DiscrepancyKind;
  readonly sku: string;
  readonly warehouseId: string | null;
  /** What the system said. */
  readonly expected: number;
  /** What was found. */
  readonly actual: number;
  readonly cause: DiscrepancyCause;
  /** Whether the run healed it itself; else it waits for staff. */
  readonly healed: boolean;
  readonly orderIds?: readonly string[];
  readonly countId?: string;
}

type Tally = Partial<Record<'released' | 'recomputed' | 'orphaned' | 'counted', number>>;

/** Writes down what a chunk found, and counts it, in the chunk's transaction. */
export async function recordFindings(
  tx: InventoryTransaction,
  run: RunRow,
  findings: readonly Finding[],
  { released = 0, recomputed = 0, orphaned = 0, counted = 0 }: Tally,
): Promise<void> {
  const now = new Date();
  if (findings.length > 0) {
    await tx.discrepancy.createMany({
      data: findings.map(({ healed, orderIds = [], countId, ...finding }) => ({
        ...finding,
        id: newId('discrepancy'),
        runId: run.id,
        countId: countId ?? null,
        orderIds: [...orderIds],
        resolution: healed ? 'HEALED' : 'PENDING',
        resolvedAt: healed ? now : null,
      })),
    });
  }
  // What waits for staff is counted when it is asked for: it is decided, or mends itself, long after the chunk.
  const healed = findings.filter((finding) => finding.healed).length;
  if (healed + released + recomputed + orphaned + counted === 0) return;
  await tx.$executeRaw`
    UPDATE reconciliation_run SET released = released + ${released}, recomputed = recomputed + ${recomputed},
      orphaned = orphaned + ${orphaned}, counted = counted + ${counted}, healed = healed + ${healed}
    WHERE id = ${run.id}`;
}
