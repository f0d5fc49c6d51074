import { newId } from '@mercato/ids';
import type { PaymentProviders } from '../../payment/index.ts';
import type { CheckoutDatabase } from '../database.ts';

export type CaptureOutcome =
  /** Taken, now or before; or nothing is due any more. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Payments whose money is due, longest waiting first. Each is due again in ten minutes, so that those that cannot be
 * taken do not stand in the way of others. One statement.
 */
export const claimDueCaptures = (db: CheckoutDatabase, limit: number) => db.$queryRaw<{ id: string }[]>`
  UPDATE payment SET capture_due_at = now() + interval '10 minutes' WHERE id IN (
    SELECT id FROM payment WHERE capture_due_at <= now() AND status = 'AUTHORIZED'
    ORDER BY capture_due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
  RETURNING id`;

/** Takes the money of a payment, once however often it is called. That it is refused stands on the order's timeline. */
export async function capturePayment(
  db: CheckoutDatabase,
  payments: PaymentProviders,
  paymentId: string,
): Promise<CaptureOutcome> {
  const payment = await db.payment.findUnique({ where: { id: paymentId } });
  if (payment?.status !== 'AUTHORIZED' || payment.captureDueAt === null) return { kind: 'done' };
  const { amount, currency, orderId, providerReference } = payment;
  if (providerReference === null) throw new Error(`The payment ${paymentId} is authorized without a reference.`);

  const outcome = await payments.of(payment).capture({
    idempotencyKey: `${paymentId}:capture`,
    providerReference,
    amount: { amount, currency },
  });
  if (outcome.kind === 'done') {
    await recordCapture(db, paymentId);
    return { kind: 'done' };
  }
  if (outcome.kind === 'refused') await noteRefusal(db, orderId, outcome.reason);
  return outcome;
}

const recordCapture = (db: CheckoutDatabase, paymentId: string) => db.$executeRaw`
  WITH captured AS (
    UPDATE payment SET status = 'CAPTURED', capture_due_at = NULL, updated_at = now()
    WHERE id = ${paymentId} AND status = 'AUTHORIZED' RETURNING order_id
  )
  INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
  SELECT ${newId('timeline')}, order_id, 'PAYMENT_CAPTURED', 'payment provider', 'The money was taken.' FROM captured`;

/** Once for a reason, however often it is tried again. */
const noteRefusal = (db: CheckoutDatabase, orderId: string, reason: string) => {
  const message = `Goods have left, but the provider refuses to give the money: ${reason}`;
  return db.$executeRaw`
    INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
    SELECT ${newId('timeline')}, ${orderId}, 'NOTE', 'payment provider', ${message}
    WHERE NOT EXISTS (SELECT FROM order_timeline_entry WHERE order_id = ${orderId} AND message = ${message})`;
};
