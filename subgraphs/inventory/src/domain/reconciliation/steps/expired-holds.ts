import { expireBatch } from '../../reservation/expire.ts';
import { openUnits } from '../../reservation/reservation.ts';
import type { ReconciliationParts } from '../parts.ts';
import { recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { takeTurn } from '../turn.ts';

/** Gives back a batch of the holds that had lapsed when the run began, until there are none. */
export async function compareExpiredHolds({ db }: ReconciliationParts, run: RunRow): Promise<RunRow> {
  return db.$transaction(async (tx) => {
    const mine = await takeTurn(tx, run);
    // What lapses meanwhile is the sweep's: a busy shop must not keep a run from its end.
    const { warehouseId, skus, startedAt, createdAt } = run;
    const expired = await expireBatch(tx, { warehouseId, skus, lapsedBy: startedAt ?? createdAt });
    const findings = expired.flatMap(({ lines }) =>
      lines.map((line) => ({
        kind: 'EXPIRED_RESERVATION' as const,
        sku: line.sku,
        warehouseId: line.warehouseId,
        expected: openUnits(line),
        actual: 0,
        cause: 'MISSED_RELEASE' as const,
        healed: true,
      })),
    );
    await recordFindings(tx, mine, findings, { released: expired.length });
    return expired.length > 0 ? mine : takeTurn(tx, mine, { step: 'LEVELS', cursor: null });
  });
}
