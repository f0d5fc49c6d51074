import { setTimeout as pause } from 'node:timers/promises';
import type { CheckoutDatabase } from '../database.ts';
import { confirmCancellation } from './confirm-cancellation.ts';
import { confirmPlacement } from './confirm-placement.ts';
import { type Placement, releasePlacement } from './placement.ts';
import { recordStep } from './record.ts';
import type { StepParts, StepReport } from './step-report.ts';
import { steps } from './steps.ts';
import { hasEnded, next, type PlacementStep, type Position } from './transitions.ts';

/** When something looks on: before a step, after it was done but before that is written, and after it is written. */
export type StepPhase = 'before' | 'done' | 'recorded';

/** Is told of every step, for whoever wants to look on or interfere. */
export type StepObserver = (step: PlacementStep, phase: StepPhase) => void | Promise<void>;

export interface DriveParts extends StepParts {
  readonly db: CheckoutDatabase;
  readonly onStep?: StepObserver | undefined;
}

/** Unknown outcomes in a row after which a driver leaves the rest to the worker. */
const patience = 3;

/**
 * Takes the steps of a placement whose lease the caller holds, one after the other, each written down before the next
 * begins, until it has ended, waits for the shopper, cannot be made certain now, or time is up. No transaction is open
 * while another service is asked.
 */
export async function drive(claimed: Placement, parts: DriveParts, until: number): Promise<void> {
  let placement = claimed;
  for (;;) {
    if (Date.now() >= until) return releasePlacement(parts.db, placement, new Date());
    const driven = await takeStep(placement, parts);
    if (!driven || hasEnded(driven)) return;
    placement = driven;
    if (placement.state === 'AWAITING_ACTION') return releasePlacement(parts.db, placement, inMs(15_000));
    if (placement.attempts === 0) continue;
    if (placement.attempts >= patience)
      return releasePlacement(parts.db, placement, inMs(backoffMs(placement.attempts)));
    await pause(Math.max(0, Math.min(150 * 2 ** placement.attempts, until - Date.now())));
  }
}

const inMs = (ms: number): Date => new Date(Date.now() + ms);

/** 1, 2, 4 … 60 s, counted from when patience ended. */
export const backoffMs = (attempts: number): number => Math.min(60_000, 1_000 * 2 ** Math.min(attempts - patience, 10));

/** Null when another drives the placement by now. */
async function takeStep(placement: Placement, parts: DriveParts): Promise<Placement | null> {
  const { onStep } = parts;
  const { step } = placement;
  await onStep?.(step, 'before');
  const report = await run(placement, parts);
  await onStep?.(step, 'done');
  const to = next(placement, report.result, { needsPayment: placement.payment !== null });
  const driven = await record(placement, to, report, parts);
  if (driven) await onStep?.(step, 'recorded');
  return driven;
}

/** Two steps make an order what it is said to be from then on; all others are only written down. */
async function record(
  placement: Placement,
  to: Position,
  report: StepReport,
  { db, settings }: DriveParts,
): Promise<Placement | null> {
  if (report.result.kind === 'done' && placement.step === 'CONFIRM') {
    return (await confirmPlacement(db, placement, report.allocations ?? [])) ? { ...placement, ...to } : null;
  }
  if (report.result.kind === 'done' && placement.step === 'CANCEL_SHIPMENTS') {
    return confirmCancellation(db, placement, to, settings.leaseMs);
  }
  return recordStep(db, placement, to, report, settings.leaseMs);
}

/** A step that throws is a bug, and its outcome is not known: the order stays, and what is known of it stays true. */
async function run(placement: Placement, parts: DriveParts): Promise<StepReport> {
  try {
    return await steps[placement.step](placement, parts);
  } catch (error) {
    parts.logger.error({ err: error, orderId: placement.orderId, step: placement.step }, 'A step of a placement broke');
    return { result: { kind: 'unknown', reason: 'an error of ours, which is logged' } };
  }
}
