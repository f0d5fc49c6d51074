import type { CheckoutDatabase } from '../database.ts';
import { writeEntries } from '../order/timeline.ts';
import type { Placement } from './placement.ts';
import type { StepReport } from './step-report.ts';
import { hasEnded, type Position } from './transitions.ts';

/**
 * Writes down how a step ended and what comes next, with payment and timeline; at the end of an undo also that the order
 * failed, and that its checkout is open again, for an hour at least to try another card. One statement, refused to
 * whoever lost the lease.
 * @returns the placement as it is now; null when another drives it
 */
export async function recordStep(
  db: CheckoutDatabase,
  placement: Placement,
  to: Position,
  report: StepReport,
  leaseMs: number,
): Promise<Placement | null> {
  const { result, payment } = report;
  const stays = to.step === placement.step && to.state === placement.state;
  const unknown = result.kind === 'unknown' ? result.reason : null;
  const refusal = result.kind === 'refused' ? result.refusal : null;
  const now: Placement = {
    ...placement,
    ...to,
    allocations: report.allocations ?? placement.allocations,
    holdExpiresAt: report.holdExpiresAt ?? placement.holdExpiresAt,
    refusal: refusal ?? placement.refusal,
    attempts: stays ? placement.attempts + 1 : 0,
    isRepeat: stays,
  };
  const entries = writeEntries(entriesOf(placement, to, report));
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  const [row] = await db.$queryRaw<{ driven: number }[]>`
    WITH driven AS (
      UPDATE placement SET state = ${to.state}::text::"PlacementState", step = ${to.step}::text::"PlacementStep",
        allocations = coalesce(${json(report.allocations)}::jsonb, allocations),
        hold_expires_at = coalesce(${report.holdExpiresAt ?? null}::timestamptz, hold_expires_at),
        refusal = coalesce(${json(refusal)}::jsonb, refusal), action_url = coalesce(${report.actionUrl ?? null}::text, action_url),
        trouble = ${unknown}::text, attempts = ${now.attempts},
        sealed_token = CASE WHEN ${mayStillPay(to)} THEN sealed_token END,
        claimed_by = CASE WHEN ${hasEnded(to)} THEN NULL ELSE claimed_by END,
        claimed_until = CASE WHEN ${hasEnded(to)} THEN NULL ELSE now() + make_interval(secs => ${leaseMs / 1_000}) END,
        updated_at = now()
      WHERE order_id = ${placement.orderId} AND claimed_by = ${placement.lease}
      RETURNING order_id, checkout_id, payment_id, state
    ), paid AS (
      UPDATE payment SET provider_reference = coalesce(${payment?.providerReference ?? null}::text, provider_reference),
        decline_code = coalesce(${payment?.declineCode ?? null}::text, decline_code), updated_at = now(),
        status = coalesce(${payment?.status ?? null}::text::"PaymentStatus",
          CASE WHEN payment.status IN ('PENDING', 'ACTION_REQUIRED') AND driven.state = 'FAILED' THEN 'VOIDED'
            ELSE payment.status END)
      FROM driven WHERE payment.id = driven.payment_id AND (${payment !== undefined} OR driven.state = 'FAILED')
    ), told AS (
      INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
      SELECT t.id, driven.order_id, t.kind::"TimelineKind", t.actor, t.message
      FROM driven, jsonb_to_recordset(${entries}::jsonb) AS t(id text, kind text, actor text, message text)
    ), failed AS (
      UPDATE customer_order SET status = 'FAILED', version = version + 1
      FROM driven WHERE customer_order.id = driven.order_id AND driven.state = 'FAILED'
    ), reopened AS (
      UPDATE checkout SET status = 'OPEN', version = version + 1, updated_at = now(),
        expires_at = greatest(expires_at, now() + interval '1 hour')
      FROM driven WHERE checkout.id = driven.checkout_id AND driven.state = 'FAILED' AND checkout.status = 'COMPLETING'
    )
    SELECT count(*)::int AS driven FROM driven`;
  return row?.driven === 1 ? now : null;
}

/** Whether the card's token may be needed again. */
const mayStillPay = ({ step }: Position): boolean => step === 'RESERVE' || step === 'AUTHORIZE';

/** What the step tells, that its outcome is not known (once), and how it all ended. */
function entriesOf(placement: Placement, to: Position, { result, timeline }: StepReport) {
  const told = timeline ? [timeline] : [];
  if (result.kind === 'unknown' && placement.attempts === 0) {
    const message = `${inWords[placement.step]}: the outcome is not known (${result.reason}). It is being found out.`;
    told.push({ kind: 'NOTE', message, actor: 'checkout' });
  }
  if (to.state === 'FAILED') {
    const message = `The order could not be placed: ${placement.refusal ? reasons[placement.refusal.kind] : 'it was undone'}.`;
    told.push({ kind: 'FAILED', message, actor: 'checkout' });
  }
  if (to.state === 'CANCELLED') {
    told.push({ kind: 'NOTE', message: 'Stock and payment were let go.', actor: 'checkout' });
  }
  return told;
}

const inWords: Readonly<Record<Position['step'], string>> = {
  RESERVE: 'Reserving stock',
  AUTHORIZE: 'Authorizing the payment',
  CONFIRM: 'Confirming the stock',
  CANCEL_SHIPMENTS: 'Calling off the parcels',
  CANCEL_PAYMENT: 'Letting go of the payment',
  RELEASE_STOCK: 'Giving the stock back',
};

const reasons = {
  'insufficient-stock': 'there was not enough stock',
  'payment-declined': 'the payment was declined',
  abandoned: 'the shopper did not finish paying this way',
  'not-completed': 'it could not be made certain in time',
} as const;
