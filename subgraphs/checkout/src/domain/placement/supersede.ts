import type { DriveParts } from './drive.ts';
import { driveWithin, follow } from './follow.ts';
import { claimPlacement } from './placement.ts';
import { recordStep } from './record.ts';
import { readStanding, type Standing } from './standing.ts';
import { next } from './transitions.ts';

/**
 * Another key wants to order from a checkout that has a placement. One that waits for the shopper's step at the bank gives
 * way: the shopper chose to pay otherwise. Any other has to find its end first.
 */
export async function supersede(parts: DriveParts, live: Standing, until: number): Promise<Standing> {
  if (live.state !== 'AWAITING_ACTION') return follow(live.orderId, parts, until);
  const claimed = await claimPlacement(parts.db, live.orderId, parts.settings.leaseMs);
  if (claimed?.state !== 'AWAITING_ACTION') {
    if (claimed) await driveWithin(claimed, parts, until);
    return follow(live.orderId, parts, until);
  }
  const result = { kind: 'refused', refusal: { kind: 'abandoned' } } as const;
  const undoing = await recordStep(
    parts.db,
    claimed,
    next(claimed, result, { needsPayment: true }),
    { result },
    parts.settings.leaseMs,
  );
  if (undoing) await driveWithin(undoing, parts, until);
  return readStanding(parts.db, live.orderId);
}
