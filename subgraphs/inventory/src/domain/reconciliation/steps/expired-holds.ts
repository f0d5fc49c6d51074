import { expireBatch } from '../../reservation/expire.ts';
import { openUnits } from '../../reservation/reservation.ts';
import type { ReconciliationParts } from '../parts.ts';
import { recordFindings } from '../record.ts';
import type { RunRow } from '../run.ts';
import { takeTurn } from '../turn.ts';

/** Gives a batch of lapsed holds back. @returns whether there may be more */
export async function compareExpiredHolds({ db }: ReconciliationParts, run: RunRow): Promise<RunRow> {
  return db.$transaction(async (tx) => {
    const mine = await takeTurn(tx, run);
    const expired = await expireBatch(tx, run);
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
