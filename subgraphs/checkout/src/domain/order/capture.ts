import { newId } from '@mercato/ids';
import type { PaymentProviderName, PaymentProviders } from '../../payment/index.ts';
import type { CheckoutDatabase } from '../database.ts';

export type CaptureOutcome =
  /** Taken, now or before; or nothing is due any more. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Payments whose money is due, longest waiting first. */
export const dueCaptures = (db: CheckoutDatabase, limit: number) =>
  db.payment.findMany({
    where: { captureDueAt: { not: null }, status: 'AUTHORIZED' },
    select: { id: true },
    orderBy: { captureDueAt: 'asc' },
    take: limit,
  });

/** Takes the money of a payment, once however often it is called. */
export async function capturePayment(
  db: CheckoutDatabase,
  payments: PaymentProviders,
  paymentId: string,
): Promise<CaptureOutcome> {
  const payment = await db.payment.findUnique({ where: { id: paymentId } });
  if (payment?.status !== 'AUTHORIZED' || payment.captureDueAt === null) return { kind: 'done' };
  const { amount, currency, provider, providerReference } = payment;
  if (providerReference === null) throw new Error(`The payment ${paymentId} is authorized without a reference.`);

  const choice = payments.choose(provider as PaymentProviderName);
  if (choice.kind !== 'ok') throw new Error(choice.message);
  const outcome = await choice.provider.capture({
    idempotencyKey: `${paymentId}:capture`,
    providerReference,
    amount: { amount, currency },
  });
  if (outcome.kind !== 'done') return outcome;
  await db.$executeRaw`
    WITH captured AS (
      UPDATE payment SET status = 'CAPTURED', capture_due_at = NULL, updated_at = now()
      WHERE id = ${paymentId} AND status = 'AUTHORIZED' RETURNING order_id
    )
    INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
    SELECT ${newId('timeline')}, order_id, 'PAYMENT_CAPTURED', 'payment provider', 'The money was taken.' FROM captured`;
  return { kind: 'done' };
}
