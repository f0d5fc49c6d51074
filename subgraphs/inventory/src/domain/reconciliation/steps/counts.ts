import { bookDifferences, type ComparedCount, compareWithBooks } from '../../count/compare.ts';
import type { StockCountRow } from '../../count/stock-count.ts';
import type { InventoryDatabase, InventoryTransaction } from '../../database.ts';
import { lockSkusOrCreate } from '../../sku-lock.ts';
import { supersede } from '../close.ts';
import type { ReconciliationParts } from '../parts.ts';
import { isSmall } from '../policy.ts';
import { type Finding, recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { findShortages } from '../shortages.ts';
import { takeTurn } from '../turn.ts';

const linesAtATime = 200;

/** Compares some lines of the oldest count that waits. The run is done when none waits. */
export async function compareCountChunk({ db }: ReconciliationParts, run: RunRow): Promise<RunRow> {
  const count = await nextCount(db, run);
  if (!count) return takeTurn(db, run, { step: 'DONE', cursor: null });
  return db.$transaction(async (tx) => {
    const mine = await takeTurn(tx, run);
    const [locked] = await tx.$queryRaw<{ status: string }[]>`
      SELECT status FROM stock_count WHERE id = ${count.id} FOR UPDATE`;
    // Another run was quicker.
    if (locked?.status !== 'SUBMITTED') return mine;
    return compareSomeLines(tx, mine, count);
  });
}

/** Counts that come in meanwhile have runs of their own. */
function nextCount(db: InventoryDatabase, run: RunRow): Promise<StockCountRow | null> {
  const { countId, warehouseId, skus, startedAt, createdAt } = run;
  return db.stockCount.findFirst({
    where: {
      status: 'SUBMITTED',
      ...(countId !== null ? { id: countId } : { createdAt: { lte: startedAt ?? createdAt } }),
      ...(warehouseId !== null && { warehouseId }),
      ...(skus.length > 0 && { lines: { some: { sku: { in: skus } } } }),
    },
    orderBy: [{ countedAt: 'asc' }, { id: 'asc' }],
  });
}

async function compareSomeLines(tx: InventoryTransaction, run: RunRow, count: StockCountRow): Promise<RunRow> {
  const lines = await tx.stockCountLine.findMany({
    where: { countId: count.id, compared: null },
    orderBy: { sku: 'asc' },
    take: linesAtATime,
  });
  if (lines.length === 0) {
    await closeCount(tx, count);
    return run;
  }
  const skus = lines.map(({ sku }) => sku);
  await lockSkusOrCreate(tx, skus);
  const compared = await compareWithBooks(tx, count, skus);
  await markLines(tx, count, compared);
  await settle(
    tx,
    run,
    count,
    compared.filter(({ overtaken }) => !overtaken),
  );
  return run.trigger === 'COUNT' ? takeTurn(tx, run, { scanned: lines.length }) : run;
}

async function settle(
  tx: InventoryTransaction,
  run: RunRow,
  count: StockCountRow,
  lines: readonly ComparedCount[],
): Promise<void> {
  const { id: countId, warehouseId } = count;
  const settings = await tx.inventorySettings.findUniqueOrThrow({ where: { id: 1 } });
  const shelves = lines.map(({ sku }) => ({ sku, warehouseId }));
  await supersede(tx, 'COUNT_MISMATCH', shelves, 'A newer count took its place.');

  const differing = lines.filter(({ counted, booked }) => counted !== booked);
  const small = differing.filter(({ counted, booked }) => isSmall(booked, counted, settings));
  const levels = await bookDifferences(tx, count, small, count.actor);
  const findings = differing.map(
    (line): Finding => ({
      kind: 'COUNT_MISMATCH',
      sku: line.sku,
      warehouseId,
      expected: line.booked,
      actual: line.counted,
      cause: 'SHELF_DIFFERS',
      healed: small.includes(line),
      countId,
    }),
  );
  const shortages = await findShortages(
    tx,
    levels.filter(({ onHand, reserved }) => onHand < reserved),
  );
  await recordFindings(tx, run, [...findings, ...shortages], { counted: differing.length });
}

async function markLines(
  tx: InventoryTransaction,
  { id }: StockCountRow,
  lines: readonly ComparedCount[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE stock_count_line l SET compared = c.compared
    FROM unnest(${lines.map(({ sku }) => sku)}::text[], ${lines.map(({ overtaken }) => !overtaken)}::bool[]) AS c(sku, compared)
    WHERE l.count_id = ${id} AND l.sku = c.sku`;
}

async function closeCount(tx: InventoryTransaction, { id }: StockCountRow): Promise<void> {
  await tx.$executeRaw`
    UPDATE stock_count SET status = CASE WHEN EXISTS (SELECT FROM stock_count_line WHERE count_id = ${id} AND compared)
      THEN 'COMPARED' ELSE 'REJECTED' END::stock_count_status WHERE id = ${id}`;
}
