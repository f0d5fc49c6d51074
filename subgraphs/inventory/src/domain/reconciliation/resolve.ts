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
    if (error instanceof Decided) return { kind: 'already-resolved', discrepancy: error.discrepancy };
    if (!(error instanceof CannotReserve)) throw error;
    const { outcome } = error;
    if (outcome.kind === 'insufficient') return outcome;
    return invalid(`The sku ${JSON.stringify(outcome.sku)} is not sold here; keep the system's figures.`, 'resolution');
  }
}

async function resolve(tx: InventoryTransaction, decision: Decision): Promise<ResolveOutcome> {
  const found = await tx.discrepancy.findUnique({ where: { id: decision.discrepancyId } });
  if (!found) return { kind: 'not-found' };
  // What it is about is locked before it is, as by those who close it: nobody waits in a ring.
  const book = decision.resolution === 'ACCEPT_COUNT' ? await prepareToBook(tx, found, decision.actor) : nothingToBook;
  await tx.$queryRaw`SELECT id FROM discrepancy WHERE id = ${found.id} FOR UPDATE`;
  const now = await tx.discrepancy.findUniqueOrThrow({ where: { id: found.id } });
  if (now.resolution !== 'PENDING') throw new Decided(now);
  await book();
  const discrepancy = await tx.discrepancy.update({
    where: { id: found.id },
    data: {
      resolution: decision.resolution,
      note: decision.note,
      resolvedBy: decision.actor,
      resolvedAt: new Date(),
    },
  });
  return { kind: 'resolved', discrepancy };
}

/** Someone was quicker. It leaves the transaction as an exception, which rolls back what was prepared. */
class Decided extends Error {
  readonly discrepancy: DiscrepancyRow;
  constructor(discrepancy: DiscrepancyRow) {
    super('The discrepancy was decided before.');
    this.discrepancy = discrepancy;
  }
}

type Book = () => Promise<void>;
const nothingToBook: Book = async () => {};

/** Locks what booking would change. A shortage is in the books already: accepting it says that staff have seen to it. */
async function prepareToBook(tx: InventoryTransaction, found: DiscrepancyRow, actor: string): Promise<Book> {
  switch (found.kind) {
    case 'COUNT_MISMATCH':
      await lockSkusOrCreate(tx, [found.sku]);
      return () => bookCount(tx, found, actor);
    case 'MISSING_RESERVATION':
      return prepareToReserve(tx, found);
    case 'SHORTAGE':
    case 'LEDGER_DRIFT':
    case 'EXPIRED_RESERVATION':
    case 'ORPHANED_RESERVATION':
      return nothingToBook;
  }
}

async function bookCount(tx: InventoryTransaction, found: DiscrepancyRow, actor: string): Promise<void> {
  const [count] = found.countId === null ? [] : await stockCountsById(tx, [found.countId]);
  if (!count) throw new Error(`Discrepancy ${found.id} is of a count that is not known.`);
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

async function prepareToReserve(tx: InventoryTransaction, { sku, actual, orderIds }: DiscrepancyRow): Promise<Book> {
  const [orderId] = orderIds;
  if (!orderId) throw new Error('A missing reservation names no order.');
  const { reservation } = await claimPlaced(tx, { orderId, country: null });
  // Its goods have left.
  if (reservation.status === 'FULFILLED') return nothingToBook;
  const { country } = reservation;
  return () => reservePlaced(tx, reservation, { orderId, country, lines: [{ sku, quantity: actual }] });
}
