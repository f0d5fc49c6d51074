import { setTimeout as pause } from 'node:timers/promises';
import { once, recall } from '@mercato/idempotency';
import type { CheckoutDatabase, CheckoutTransaction } from '../database.ts';
import type { DriveParts } from '../placement/drive.ts';
import { driveWithin } from '../placement/follow.ts';
import { claimPlacement } from '../placement/placement.ts';
import { findOrder, type Order } from './order.ts';
import { hasParcelLeft } from './parcels.ts';
import type { OrderStatus } from './status.ts';

export interface CancelOrderInput {
  readonly orderId: string;
  readonly reason?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export type CancelOrderOutcome =
  | { readonly kind: 'cancelled'; readonly order: Order }
  | { readonly kind: 'order-not-found' }
  | { readonly kind: 'not-cancellable'; readonly status: OrderStatus }
  /** Shipping has handed it over, though that may not be heard of here yet. */
  | { readonly kind: 'parcel-left'; readonly status: OrderStatus }
  /** Shipping stopped answering: the worker asks on, and cancels the order unless a parcel has left. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'key-reused' };

/**
 * Calls off an order of which nothing has left. That it is to be cancelled is written down first; then shipping calls off
 * its parcels, all or none, which decides; only then is it cancelled, and are payment and stock let go. The worker goes on
 * from any point at which this breaks off.
 * @param actor who asks, such as a staff member's id
 * @throws SubgraphUnavailableError, SubgraphAnswerError when shipping does not answer; nothing was changed
 */
export async function cancelOrder(
  parts: DriveParts,
  { idempotencyKey, ...input }: CancelOrderInput,
  actor: string,
): Promise<CancelOrderOutcome> {
  const { db, subgraphs, settings } = parts;
  const until = Date.now() + settings.answerWithinMs;
  const asked = await findOrder(db, input.orderId);
  if (!asked) return { kind: 'order-not-found' };
  const call = idempotencyKey ? { scope: `orderCancel:${actor}`, key: idempotencyKey, input } : null;
  const known = call && (await recall<boolean>(db, call));
  if (!known && asked.status === 'PLACED' && (await hasParcelLeft(subgraphs, asked.id, settings.callTimeoutMs))) {
    return { kind: 'parcel-left', status: asked.status };
  }
  const begun = await db.$transaction(async (tx) => {
    const work = () => beginCancellation(tx, asked.id, { actor, reason: oneLine(input.reason ?? '') });
    return call ? once(tx, call, work, (isBegun) => isBegun) : { kind: 'first' as const, result: await work() };
  });
  if (begun.kind === 'key-reused') return begun;
  if (!begun.result && asked.status !== 'PLACED') return { kind: 'not-cancellable', status: asked.status };

  const isDecided = await decide(parts, asked.id, until);
  const order = await findOrder(db, asked.id);
  if (!order) return { kind: 'order-not-found' };
  const { status } = order;
  if (status === 'CANCELLED' && begun.result) return { kind: 'cancelled', order };
  if (status !== 'PLACED') return { kind: 'not-cancellable', status };
  return isDecided ? { kind: 'parcel-left', status } : { kind: 'undecided' };
}

const oneLine = (text: string): string | null => text.replace(/[\s\p{Control}]+/gu, ' ').trim() || null;

/** False when it cannot be cancelled as it stands, or is being cancelled. The caller drives it at once, the worker later. */
async function beginCancellation(
  tx: CheckoutTransaction,
  orderId: string,
  cancellation: { readonly actor: string; readonly reason: string | null },
): Promise<boolean> {
  const begun = await tx.$executeRaw`
    UPDATE placement SET state = 'CANCELLING', step = 'CANCEL_SHIPMENTS', cancellation = ${JSON.stringify(cancellation)}::jsonb,
      attempts = 0, trouble = NULL, next_attempt_at = now() + interval '1 second', claimed_by = NULL, claimed_until = NULL, updated_at = now()
    FROM customer_order
    WHERE placement.order_id = ${orderId} AND placement.state = 'PLACED'
      AND customer_order.id = placement.order_id AND customer_order.status = 'PLACED'`;
  return begun === 1;
}

/** Drives the cancelling, or looks on where another does. Whether it is decided by when time is up. */
async function decide(parts: DriveParts, orderId: string, until: number): Promise<boolean> {
  const { db, settings } = parts;
  const claimed = await claimPlacement(db, orderId, settings.leaseMs);
  if (claimed) await driveWithin(claimed, parts, until);
  for (let between = 40; await isUndecided(db, orderId); between = Math.min(between * 1.5, 250)) {
    if (Date.now() >= until) return false;
    await pause(between);
  }
  return true;
}

const isUndecided = async (db: CheckoutDatabase, orderId: string): Promise<boolean> =>
  (await db.placement.count({ where: { orderId, state: 'CANCELLING', step: 'CANCEL_SHIPMENTS' } })) > 0;
