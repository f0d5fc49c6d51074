import { Prisma } from '../../../generated/prisma/client.ts';
import { tellAvailability } from '../../consequences.ts';
import type { InventoryReader, InventoryTransaction } from '../../database.ts';
import { lockSkus } from '../../sku-lock.ts';
import type { ReconciliationParts } from '../parts.ts';
import { type Finding, recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { cursorText, takeTurn } from '../turn.ts';

/** A sku may lie in thousands of places. */
const skusAtATime = 200;

interface ComparedSku {
  readonly sku: string;
  /** What is told to be for sale. */
  readonly told: number;
  /** What the levels of active warehouses add up to. */
  readonly available: number;
}

/** Compares what is told to be for sale of a chunk of skus with the sum of their levels. */
export async function compareAvailabilityChunk({ db }: ReconciliationParts, run: RunRow): Promise<RunRow> {
  // A part of the levels says nothing of their sum.
  if (run.warehouseId !== null) return takeTurn(db, run, { step: 'RESERVATIONS', cursor: null });
  const after = cursorText(run, 'sku') ?? '';
  const skus = await nextSkus(db, run, after);
  const last = skus.at(-1);
  const progress =
    last && skus.length === skusAtATime ? { cursor: { sku: last } } : { step: 'RESERVATIONS' as const, cursor: null };
  const off = await compareSkus(db, skus);
  if (off.length === 0) return takeTurn(db, run, progress);

  return db.$transaction(async (tx) => {
    const mine = await takeTurn(tx, run, progress);
    await lockSkus(
      tx,
      off.map(({ sku }) => sku),
    );
    const sure = await compareSkus(
      tx,
      off.map(({ sku }) => sku),
    );
    await rebuildSkus(tx, sure);
    const flipped = sure.filter(({ told, available }) => told > 0 !== available > 0);
    await tellAvailability(
      tx,
      flipped.map(({ sku }) => sku),
    );
    await recordFindings(tx, mine, sure.map(findingOf), { recomputed: sure.length });
    return mine;
  });
}

async function nextSkus(db: InventoryReader, { skus }: RunRow, after: string): Promise<string[]> {
  const wanted = skus.length > 0 ? Prisma.sql`sku = ANY(${skus}::text[])` : Prisma.sql`TRUE`;
  const rows = await db.$queryRaw<{ sku: string }[]>`
    SELECT sku FROM sku_availability WHERE sku > ${after} AND ${wanted} ORDER BY sku LIMIT ${skusAtATime}`;
  return rows.map(({ sku }) => sku);
}

const sums = Prisma.sql`
  SELECT l.sku, sum(greatest(l.on_hand - l.reserved - l.safety_stock, 0))::int AS available,
    sum(coalesce(l.reorder_point, 0))::int AS reorder_point
  FROM stock_level l JOIN warehouse w ON w.id = l.warehouse_id AND w.active`;

const compareSkus = (db: InventoryReader, skus: readonly string[]): Promise<ComparedSku[]> =>
  db.$queryRaw<ComparedSku[]>`
    SELECT a.sku, a.available AS told, coalesce(s.available, 0) AS available
    FROM sku_availability a LEFT JOIN (${sums} WHERE l.sku = ANY(${[...skus]}::text[]) GROUP BY l.sku) s ON s.sku = a.sku
    WHERE a.sku = ANY(${[...skus]}::text[])
      AND (a.available <> coalesce(s.available, 0) OR a.reorder_point <> coalesce(s.reorder_point, 0))`;

async function rebuildSkus(tx: InventoryTransaction, off: readonly ComparedSku[]): Promise<void> {
  const skus = off.map(({ sku }) => sku);
  await tx.$executeRaw`
    UPDATE sku_availability a SET available = coalesce(s.available, 0), reorder_point = coalesce(s.reorder_point, 0),
      version = a.version + 1
    FROM unnest(${skus}::text[]) AS k(sku)
    LEFT JOIN (${sums} WHERE l.sku = ANY(${skus}::text[]) GROUP BY l.sku) s ON s.sku = k.sku
    WHERE a.sku = k.sku`;
}

const findingOf = ({ sku, told, available }: ComparedSku): Finding => ({
  kind: 'LEDGER_DRIFT',
  sku,
  warehouseId: null,
  expected: told,
  actual: available,
  cause: 'CHANGED_PAST_LEDGER',
  healed: true,
});
