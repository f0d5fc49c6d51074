import { setTimeout as pause } from 'node:timers/promises';
import { type DriveParts, drive } from './drive.ts';
import { claimPlacement, type Placement } from './placement.ts';
import { readStanding, type Standing } from './standing.ts';

/** Whether there is nothing to wait for: it has ended, is being taken back for a reason that is known, or waits for the shopper. */
const isAnswer = ({ state, isDriven }: Standing): boolean =>
  state === 'AWAITING_ACTION' ? !isDriven : state !== 'RUNNING' && state !== 'UNDOING';

/**
 * Waits until a placement has an outcome, and drives it where nobody does. Callers of one checkout come together here:
 * one drives, the others look on.
 * @returns how it stands when it has an outcome, or when time is up
 */
export async function follow(orderId: string, parts: DriveParts, until: number): Promise<Standing> {
  let between = 40;
  let driven = false;
  for (;;) {
    const standing = await readStanding(parts.db, orderId);
    if ((isAnswer(standing) && (driven || standing.state !== 'AWAITING_ACTION')) || Date.now() >= until)
      return standing;
    if (!standing.isDriven) {
      if (driven) return standing;
      const claimed = await claimPlacement(parts.db, orderId, parts.settings.leaseMs);
      if (claimed) {
        driven = true;
        await driveWithin(claimed, parts, until);
        continue;
      }
    }
    await pause(Math.max(0, Math.min(between, until - Date.now())));
    between = Math.min(between * 1.5, 250);
  }
}

/** Drives until time is up. A step that is under way then goes on behind the answer, and is written down all the same. */
export async function driveWithin(placement: Placement, parts: DriveParts, until: number): Promise<void> {
  const driving = drive(placement, parts, until);
  const timeUp = new AbortController();
  const bound = pause(Math.max(0, until - Date.now()), 'time-up' as const, { signal: timeUp.signal });
  try {
    const first = await Promise.race([driving.then(() => 'driven' as const), bound]);
    if (first === 'driven') return;
    driving.catch((error: unknown) => {
      parts.logger.error({ err: error, orderId: placement.orderId }, 'A placement broke off; the worker resumes it');
    });
  } finally {
    timeUp.abort();
    bound.catch(() => undefined);
  }
}
