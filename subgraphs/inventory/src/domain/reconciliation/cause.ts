import type { DiscrepancyCause } from '../../generated/prisma/client.ts';

/**
 * Why a level's on hand most likely differs from its ledger.
 * @param excess the level less its ledger
 * @param recent quantities of the level's last movements
 */
export function causeOfOnHandDrift(excess: number, recent: readonly number[]): DiscrepancyCause {
  return recent.includes(excess) ? 'APPLIED_TWICE' : 'CHANGED_PAST_LEDGER';
}

/**
 * Why a level's reserved figure most likely differs from the open reservations.
 * @param excess the level less the open reservations
 * @param closed units of reservations on this level that ended lately
 * @param open units of those that are open
 */
export function causeOfReservedDrift(
  excess: number,
  closed: readonly number[],
  open: readonly number[],
): DiscrepancyCause {
  if (excess > 0 && closed.includes(excess)) return 'MISSED_RELEASE';
  // A reserve that was applied twice leaves too much reserved; a release, too little.
  if (open.includes(excess) || closed.includes(-excess)) return 'APPLIED_TWICE';
  return 'CHANGED_PAST_LEDGER';
}
