import { randomUUID } from 'node:crypto';
import type { Money } from '@mercato/money';
import { z } from 'zod';
import type { CheckoutDatabase } from '../database.ts';
import type { Position, Refusal } from './transitions.ts';

/** Units held in a warehouse, by its code. */
export interface Allocation {
  readonly sku: string;
  readonly warehouse: string;
  readonly quantity: number;
}

/** A placement as its driver holds it: the row, and what its steps need of the order. */
export interface Placement extends Position {
  readonly orderId: string;
  readonly checkoutReference: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** Country of delivery. */
  readonly country: string;
  readonly total: Money;
  /** Null when nothing is due. */
  readonly payment: PlacementPayment | null;
  readonly allocations: readonly Allocation[] | null;
  readonly holdExpiresAt: Date | null;
  readonly refusal: Refusal | null;
  /** Tries at the present step whose outcome is not known. */
  readonly attempts: number;
  /** When going forward ends. */
  readonly deadline: Date;
  /** Whether the present step may have been tried before, by this process or by one that died. */
  readonly isRepeat: boolean;
  /** Who drives; each write of the row is refused to anybody else. */
  readonly lease: string;
}

export interface PlacementPayment {
  /** Also the key under which the provider knows the attempt. */
  readonly id: string;
  readonly provider: string;
  /** Sealed; null once the payment is decided. */
  readonly sealedToken: string | null;
  readonly returnUrl: string | null;
}

export const newLease = (): string => randomUUID();

const storedAllocations = z.array(z.object({ sku: z.string(), warehouse: z.string(), quantity: z.number().int() }));
const declineCode = z.enum([
  'GENERIC',
  'INSUFFICIENT_FUNDS',
  'EXPIRED_CARD',
  'INCORRECT_DETAILS',
  'AUTHENTICATION_FAILED',
  'SUSPECTED_FRAUD',
]);
const storedRefusal = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('insufficient-stock'),
    sku: z.string(),
    requested: z.number().int(),
    available: z.number().int(),
  }),
  z.object({ kind: z.literal('payment-declined'), code: declineCode }),
  z.object({ kind: z.literal('abandoned') }),
  z.object({ kind: z.literal('not-completed') }),
]);

export const readRefusal = (stored: unknown): Refusal | null => (stored === null ? null : storedRefusal.parse(stored));

interface ClaimedRow extends Position {
  orderId: string;
  checkoutReference: string;
  lines: Placement['lines'];
  country: string;
  total: bigint;
  currency: string;
  paymentId: string | null;
  provider: string | null;
  sealedToken: string | null;
  returnUrl: string | null;
  allocations: unknown;
  holdExpiresAt: Date | null;
  refusal: unknown;
  attempts: number;
  deadline: Date;
}

/**
 * Takes the lease of a placement that has not ended and that nobody drives. Null when there is none such: another
 * drives it, or it has ended. Should its driver break off, its next turn is after the lease, behind those that wait.
 * One statement.
 */
export async function claimPlacement(
  db: CheckoutDatabase,
  orderId: string,
  leaseMs: number,
): Promise<Placement | null> {
  const lease = newLease();
  const [row] = await db.$queryRaw<ClaimedRow[]>`
    UPDATE placement p SET claimed_by = ${lease}, claimed_until = now() + make_interval(secs => ${leaseMs / 1_000}),
      next_attempt_at = now() + make_interval(secs => ${leaseMs / 1_000}), updated_at = now()
    FROM customer_order o
    WHERE p.order_id = ${orderId} AND o.id = p.order_id AND p.state IN ('RUNNING', 'AWAITING_ACTION', 'UNDOING', 'CANCELLING')
      AND (p.claimed_until IS NULL OR p.claimed_until <= now())
    RETURNING p.order_id AS "orderId", p.checkout_id AS "checkoutReference", p.state::text AS state, p.step::text AS step,
      (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) ORDER BY l.position)
        FROM order_line l WHERE l.order_id = p.order_id) AS lines,
      o.shipping_address ->> 'country' AS country, o.total, o.currency, p.payment_id AS "paymentId", p.provider,
      p.sealed_token AS "sealedToken", p.return_url AS "returnUrl", p.allocations,
      p.hold_expires_at AS "holdExpiresAt", p.refusal, p.attempts, p.deadline`;
  return row ? readClaimed(row, lease) : null;
}

function readClaimed(row: ClaimedRow, lease: string): Placement {
  const { total, currency, paymentId, provider, sealedToken, returnUrl, ...rest } = row;
  return {
    ...rest,
    total: { amount: total, currency },
    payment: paymentId && provider ? { id: paymentId, provider, sealedToken, returnUrl } : null,
    allocations: row.allocations === null ? null : storedAllocations.parse(row.allocations),
    refusal: readRefusal(row.refusal),
    isRepeat: true,
    lease,
  };
}

/** Lets others drive from the given instant on. */
export async function releasePlacement(
  db: CheckoutDatabase,
  { orderId, lease }: Placement,
  nextAt: Date,
): Promise<void> {
  await db.$executeRaw`
    UPDATE placement SET claimed_by = NULL, claimed_until = NULL, next_attempt_at = ${nextAt}, updated_at = now()
    WHERE order_id = ${orderId} AND claimed_by = ${lease}`;
}

/** Placements that nobody drives and whose time has come, longest waiting first. */
export const duePlacements = (db: CheckoutDatabase, limit: number) => db.$queryRaw<{ orderId: string; turn: string }[]>`
  SELECT order_id AS "orderId", (extract(epoch FROM updated_at) * 1000)::bigint::text AS turn FROM placement
  WHERE state IN ('RUNNING', 'AWAITING_ACTION', 'UNDOING', 'CANCELLING') AND next_attempt_at <= now()
    AND (claimed_until IS NULL OR claimed_until <= now())
  ORDER BY next_attempt_at LIMIT ${limit}`;
