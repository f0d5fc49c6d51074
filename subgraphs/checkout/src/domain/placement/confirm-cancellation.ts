import { newId } from '@mercato/ids';
import { recordEvent } from '@mercato/outbox';
import { orderCancelled } from '../../events/index.ts';
import type { CheckoutDatabase } from '../database.ts';
import type { Placement } from './placement.ts';
import type { Position } from './transitions.ts';

/**
 * Nothing of the order can leave any more: it is cancelled and says so, in one transaction. Money and stock follow.
 * @returns the placement as it is now; null when another drives it, and nothing was changed
 * @throws Error when the order is no longer PLACED, which would mean that shipping called off what it had sent
 */
export async function confirmCancellation(
  db: CheckoutDatabase,
  placement: Placement,
  to: Position,
  leaseMs: number,
): Promise<Placement | null> {
  const { orderId, lease } = placement;
  return db.$transaction(async (tx) => {
    const [driven] = await tx.$queryRaw<{ version: number | null; reason: string | null }[]>`
      WITH driven AS (
        UPDATE placement SET step = ${to.step}::text::"PlacementStep", attempts = 0, trouble = NULL,
          claimed_until = now() + make_interval(secs => ${leaseMs / 1_000}), updated_at = now()
        WHERE order_id = ${orderId} AND claimed_by = ${lease} AND state = 'CANCELLING'
        RETURNING order_id, cancellation ->> 'actor' AS actor, cancellation ->> 'reason' AS reason
      ), cancelled AS (
        UPDATE customer_order SET status = 'CANCELLED', version = version + 1
        FROM driven WHERE id = driven.order_id AND status = 'PLACED' RETURNING version
      ), told AS (
        INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
        SELECT ${newId('timeline')}, order_id, 'CANCELLED', actor, concat_ws(': ', 'The order was cancelled', reason) FROM driven
      )
      SELECT (SELECT version FROM cancelled) AS version, reason FROM driven`;
    if (!driven) return null;
    const { version, reason } = driven;
    if (version === null) throw new Error(`The order ${orderId} left, though shipping called off all its parcels.`);
    await recordEvent(tx, orderCancelled, { aggregateId: orderId, version, payload: { orderId, reason } });
    return { ...placement, ...to, attempts: 0, isRepeat: false };
  });
}
