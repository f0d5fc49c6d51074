import { tellConsequences } from '../../consequences.ts';
import type { InventoryTransaction } from '../../database.ts';
import { lockSkusOrCreate } from '../../sku-lock.ts';
import type { ReconciliationParts } from '../parts.ts';
import { recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { findShortages } from '../shortages.ts';
import { cursorText, takeTurn } from '../turn.ts';
import {
  type ComparedLevel,
  compareLevels,
  hasDrifted,
  type LevelKey,
  type LevelRange,
  lastOfChunk,
} from './compare-levels.ts';
import { findDrift, rebuildLevels } from './rebuild-levels.ts';

/**
 * Compares one chunk of levels with their ledger and their reservations. Comparing takes no locks. What looks off is
 * looked at again under the locks of its skus, so that nothing is healed that was only being written.
 */
export async function compareLevelChunk({ db, settings }: ReconciliationParts, run: RunRow): Promise<RunRow> {
  const after = cursorOf(run);
  const to = await lastOfChunk(db, run, after, settings.chunkSize);
  const range = { after, to };
  const { scanned, off } = await compareLevels(db, run, range);
  const progress = to ? { cursor: { ...to }, scanned } : { step: 'AVAILABILITY' as const, cursor: null, scanned };
  if (off.length === 0) return takeTurn(db, run, progress);

  return db.$transaction(async (tx) => {
    const mine = await takeTurn(tx, run, progress);
    await lookAgain(tx, mine, range, off);
    return mine;
  });
}

const cursorOf = (run: RunRow): LevelKey | null => {
  const sku = cursorText(run, 'sku');
  const warehouseId = cursorText(run, 'warehouseId');
  return sku !== null && warehouseId !== null ? { sku, warehouseId } : null;
};

async function lookAgain(
  tx: InventoryTransaction,
  run: RunRow,
  range: LevelRange,
  suspects: readonly ComparedLevel[],
): Promise<void> {
  const skus = [...new Set(suspects.map(({ sku }) => sku))];
  const locked = await lockSkusOrCreate(tx, skus);
  const { off } = await compareLevels(tx, { warehouseId: run.warehouseId, skus }, range);
  const drifted = off.filter(hasDrifted);
  const drift = await findDrift(tx, drifted);
  const rebuilt = await rebuildLevels(tx, drifted);
  await tellConsequences(tx, locked, rebuilt);
  const short = off.flatMap(({ sku, warehouseId, ledger, open }) =>
    ledger < open ? [{ sku, warehouseId, onHand: ledger, reserved: open }] : [],
  );
  const shortages = await findShortages(tx, short);
  await recordFindings(tx, run, [...drift, ...shortages], { recomputed: drifted.length });
}
