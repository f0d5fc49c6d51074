import { bookDifferences, compareWithBooks } from '../count/compare.ts';
import { stockCountsById } from '../count/stock-count.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { checkText, type InvalidInput, invalid } from '../input-check.ts';
import { CannotReserve, claimPlaced, reservePlaced } from '../reservation/reserve-placed.ts';
import { lockSkusOrCreate } from '../sku-lock.ts';
import type { DiscrepancyRow } from './discrepancy.ts';
import { recordFindings } from './record.ts';
import { findShortages } from './shortages.ts';

export interface Decision {
  readonly discrepancyId: string;
  readonly resolution: 'ACCEPT_COUNT' | 'KEEP_SYSTEM';
  readonly note: string | null;
  readonly actor: string;
}

export type ResolveOutcome =
  | { kind: 'resolved'; discrepancy: DiscrepancyRow }
  | { kind: 'already-resolved'; discrepancy: DiscrepancyRow }
  | { kind: 'not-found' }
  | { kind: 'insufficient'; sku: string; requested: number; available: number }
  | InvalidInput;

/** Decides a discrepancy that waits for staff: books what was found, or leaves the books as they are. */
export async function resolveDiscrepancy(db: InventoryDatabase, decision: Decision): Promise<ResolveOutcome> {
  const fault = checkText(decision.note, 'note');
  if (fault) return fault;
  try {
    return await db.$transaction((tx) => resolve(tx, decision));
  } catch (error) {
    if (!(error instanceof CannotReserve)) throw error;
    const { outcome } = error;
    if (outcome.kind === 'insufficient') return outcome;
    return invalid(`The sku ${JSON.stringify(outcome.sku)} is not sold here; keep the system's figures.`, 'resolution');
  }
}

async function resolve(tx: InventoryTransaction, decision: Decision): Promise<ResolveOutcome> {
  await tx.$queryRaw`SELECT id FROM discrepancy WHERE id = ${decision.discrepancyId} FOR UPDATE`;
  const found = await tx.discrepancy.findUnique({ where: { id: decision.discrepancyId } });
  if (!found) return { kind: 'not-found' };
  if (found.resolution !== 'PENDING') return { kind: 'already-resolved', discrepancy: found };
  if (decision.resolution === 'ACCEPT_COUNT') await book(tx, found, decision.actor);
  const discrepancy = await tx.discrepancy.update({
    where: { id: found.id },
    data: {
      resolution: decision.resolution,
      note: decision.note,
      resolvedBy: decision.actor,
      resolvedAt: new Date(),
    },
  });
  await tx.$executeRaw`UPDATE reconciliation_run SET pending = greatest(pending - 1, 0) WHERE id = ${found.runId}`;
  return { kind: 'resolved', discrepancy };
}

/** Books what was found. A shortage is in the books already: accepting it says that staff have seen to it. */
async function book(tx: InventoryTransaction, found: DiscrepancyRow, actor: string): Promise<void> {
  switch (found.kind) {
    case 'COUNT_MISMATCH':
      return bookCount(tx, found, actor);
    case 'MISSING_RESERVATION':
      return reserveMissing(tx, found);
    case 'SHORTAGE':
    case 'LEDGER_DRIFT':
    case 'EXPIRED_RESERVATION':
    case 'ORPHANED_RESERVATION':
      return;
  }
}

async function bookCount(tx: InventoryTransaction, found: DiscrepancyRow, actor: string): Promise<void> {
  const [count] = found.countId === null ? [] : await stockCountsById(tx, [found.countId]);
  if (!count) throw new Error(`Discrepancy ${found.id} is of a count that is not known.`);
  await lockSkusOrCreate(tx, [found.sku]);
  // As the books stand now: what moved before the count may have been heard of since.
  const compared = await compareWithBooks(tx, count, [found.sku]);
  const levels = await bookDifferences(tx, count, compared, actor);
  const [run] = await tx.reconciliationRun.findMany({ where: { id: found.runId } });
  if (!run) throw new Error(`Discrepancy ${found.id} has no run.`);
  await recordFindings(
    tx,
    run,
    await findShortages(
      tx,
      levels.filter(({ onHand, reserved }) => onHand < reserved),
    ),
    {},
  );
}

async function reserveMissing(tx: InventoryTransaction, { sku, actual, orderIds }: DiscrepancyRow): Promise<void> {
  const [orderId] = orderIds;
  if (!orderId) throw new Error('A missing reservation names no order.');
  const { reservation } = await claimPlaced(tx, { orderId, country: null });
  await reservePlaced(tx, reservation, { orderId, country: reservation.country, lines: [{ sku, quantity: actual }] });
}
