import { isSecretId } from '@mercato/ids';
import { type Checkout, type CheckoutRow, checkoutColumns, readCheckout } from '../checkout/checkout.ts';
import type { CheckoutDatabase } from '../database.ts';
import { type Order, type OrderRow, orderColumns, readOrder } from '../order/order.ts';
import { readRefusal } from './placement.ts';
import type { PlacementState, Refusal } from './transitions.ts';

/** How a placement stands, for those who do not drive it. */
export interface Standing {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly inputHash: string;
  readonly state: PlacementState;
  readonly refusal: Refusal | null;
  readonly actionUrl: string | null;
  /** Whether someone drives it now. */
  readonly isDriven: boolean;
}

interface StandingRow extends Omit<Standing, 'refusal'> {
  refusal: unknown;
}

/** A checkout with the placement of this key and the one that did not fail, which may be the same. One statement. */
export async function findCheckoutWithPlacements(
  db: CheckoutDatabase,
  secret: string,
  idempotencyKey: string,
): Promise<{ checkout: Checkout; ofKey: Standing | null; live: Standing | null } | null> {
  if (!isSecretId('checkout', secret)) return null;
  const [row] = await db.$queryRaw<(CheckoutRow & { placements: StandingRow[] })[]>`
    SELECT ${checkoutColumns}, coalesce((
      SELECT jsonb_agg(jsonb_build_object('orderId', p.order_id, 'idempotencyKey', p.idempotency_key,
        'inputHash', p.input_hash, 'state', p.state, 'refusal', p.refusal, 'actionUrl', p.action_url,
        'isDriven', coalesce(p.claimed_until > now(), false)))
      FROM placement p
      WHERE p.checkout_id = checkout.id AND (p.idempotency_key = ${idempotencyKey} OR p.state <> 'FAILED')
    ), '[]') AS placements
    FROM checkout WHERE secret = ${secret}`;
  if (!row) return null;
  const { placements, ...checkout } = row;
  const standings = placements.map((each) => ({ ...each, refusal: readRefusal(each.refusal) }));
  return {
    checkout: readCheckout(checkout),
    ofKey: standings.find((each) => each.idempotencyKey === idempotencyKey) ?? null,
    live: standings.find(({ state }) => state !== 'FAILED') ?? null,
  };
}

/** @throws Error when there is no such placement. */
export async function readStanding(db: CheckoutDatabase, orderId: string): Promise<Standing> {
  const [row] = await db.$queryRaw<StandingRow[]>`
    SELECT order_id AS "orderId", idempotency_key AS "idempotencyKey", input_hash AS "inputHash", state::text AS state,
      refusal, action_url AS "actionUrl", coalesce(claimed_until > now(), false) AS "isDriven"
    FROM placement WHERE order_id = ${orderId}`;
  if (!row) throw new Error(`There is no placement of ${orderId}.`);
  return { ...row, refusal: readRefusal(row.refusal) };
}

/** How a placement stands, with its order. One statement. @throws Error when there is no such placement. */
export async function readStandingWithOrder(
  db: CheckoutDatabase,
  orderId: string,
): Promise<{ standing: Standing; order: Order }> {
  const [row] = await db.$queryRaw<(OrderRow & { placement: StandingRow })[]>`
    SELECT ${orderColumns}, jsonb_build_object('orderId', p.order_id, 'idempotencyKey', p.idempotency_key,
      'inputHash', p.input_hash, 'state', p.state, 'refusal', p.refusal, 'actionUrl', p.action_url,
      'isDriven', coalesce(p.claimed_until > now(), false)) AS placement
    FROM customer_order JOIN placement p ON p.order_id = customer_order.id WHERE customer_order.id = ${orderId}`;
  if (!row) throw new Error(`There is no placement of ${orderId}.`);
  const { placement, ...order } = row;
  return { standing: { ...placement, refusal: readRefusal(placement.refusal) }, order: readOrder(order) };
}
