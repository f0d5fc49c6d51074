import { once, recall } from '@mercato/idempotency';
import { newId } from '@mercato/ids';
import { recordEvent } from '@mercato/outbox';
import { orderCancelled } from '../../events/index.ts';
import type { CheckoutTransaction } from '../database.ts';
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
  /** Shipping has handed it over, though that is not heard of here yet. */
  | { readonly kind: 'parcel-left'; readonly status: OrderStatus }
  | { readonly kind: 'key-reused' };

/**
 * Calls off an order of which nothing has left: shipping is asked first; then it is cancelled and says so in one
 * transaction; then payment and stock are let go, by the worker where that does not succeed at once. A parcel that leaves
 * before shipping hears of it is noted when that is told.
 * @param actor who asks, such as a staff member's id
 * @throws SubgraphUnavailableError, SubgraphAnswerError when shipping does not answer; nothing was changed
 */
export async function cancelOrder(
  parts: DriveParts,
  { idempotencyKey, ...input }: CancelOrderInput,
  actor: string,
): Promise<CancelOrderOutcome> {
  const { db, subgraphs, settings } = parts;
  const asked = await findOrder(db, input.orderId);
  if (!asked) return { kind: 'order-not-found' };
  const call = idempotencyKey ? { scope: `orderCancel:${actor}`, key: idempotencyKey, input } : null;
  const known = call && (await recall<boolean>(db, call));
  if (!known && asked.status === 'PLACED' && (await hasParcelLeft(subgraphs, asked.id, settings.callTimeoutMs))) {
    return { kind: 'parcel-left', status: asked.status };
  }
  const cancelled = await db.$transaction(async (tx) => {
    const work = () => markCancelled(tx, asked.id, oneLine(input.reason ?? ''), actor);
    return call ? once(tx, call, work, (isDone) => isDone) : { kind: 'first' as const, result: await work() };
  });
  if (cancelled.kind === 'key-reused') return cancelled;
  if (!cancelled.result) {
    const order = await findOrder(db, input.orderId);
    return order ? { kind: 'not-cancellable', status: order.status } : { kind: 'order-not-found' };
  }
  const undoing = await claimPlacement(db, input.orderId, settings.leaseMs);
  if (undoing) await driveWithin(undoing, parts, Date.now() + settings.answerWithinMs);
  const order = await findOrder(db, input.orderId);
  return order ? { kind: 'cancelled', order } : { kind: 'order-not-found' };
}

const oneLine = (text: string): string | null => text.replace(/[\s\p{Control}]+/gu, ' ').trim() || null;

/** False when it cannot be cancelled as it stands. */
async function markCancelled(
  tx: CheckoutTransaction,
  orderId: string,
  reason: string | null,
  actor: string,
): Promise<boolean> {
  const message = reason ? `The order was cancelled: ${reason}` : 'The order was cancelled.';
  const [cancelled] = await tx.$queryRaw<{ version: number }[]>`
    WITH cancelled AS (
      UPDATE customer_order SET status = 'CANCELLED', version = version + 1
      WHERE id = ${orderId} AND status = 'PLACED' RETURNING id, version
    ), undoing AS (
      UPDATE placement SET state = 'CANCELLING', attempts = 0, trouble = NULL, next_attempt_at = now(), updated_at = now(),
        step = CASE WHEN payment_id IS NULL THEN 'RELEASE_STOCK' ELSE 'CANCEL_PAYMENT' END::"PlacementStep"
      FROM cancelled WHERE placement.order_id = cancelled.id
    ), told AS (
      INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
      SELECT ${newId('timeline')}, id, 'CANCELLED', ${actor}, ${message} FROM cancelled
    )
    SELECT version FROM cancelled`;
  if (!cancelled) return false;
  const event = { aggregateId: orderId, version: cancelled.version, payload: { orderId, reason } };
  await recordEvent(tx, orderCancelled, event);
  return true;
}
