import type { AuthorizeOutcome, PaymentProvider } from '../../payment/index.ts';
import type { Placement, PlacementPayment } from './placement.ts';
import type { TokenSeal } from './sealed-token.ts';
import { done, entry, isLate, refused, type StepParts, type StepReport } from './step-report.ts';

/**
 * An attempt that may have been made is looked up first. One the provider has not heard of is made again with the same
 * key, while there is time; after that the refusal leads to a cancel, which closes the door on what may be under way.
 */
export async function authorize(placement: Placement, parts: StepParts): Promise<StepReport> {
  const payment = paymentOf(placement);
  const provider = parts.payments.of(payment);
  if (!placement.isRepeat) return reportOf(placement, await ask(placement, payment, provider, parts.seal));

  const held = await extendHold(placement, parts);
  if (held?.result.kind === 'refused') return held;
  const found = await provider.lookup(payment.id);
  if (found.kind !== 'not-found') return { ...held, ...reportOf(placement, found) };
  if (isLate(placement) || payment.sealedToken === null) return { ...held, result: refused({ kind: 'not-completed' }) };
  return { ...held, ...reportOf(placement, await ask(placement, payment, provider, parts.seal)) };
}

function ask(
  placement: Placement,
  payment: PlacementPayment,
  provider: PaymentProvider,
  seal: TokenSeal,
): Promise<AuthorizeOutcome> {
  const { orderId, total } = placement;
  if (payment.sealedToken === null) throw new Error(`The card's token of ${orderId} is gone before it was used.`);
  return provider.authorize({
    idempotencyKey: payment.id,
    orderId,
    amount: total,
    token: seal.open(payment.sealedToken, orderId),
    returnUrl: payment.returnUrl,
  });
}

function reportOf(placement: Placement, outcome: AuthorizeOutcome): StepReport {
  switch (outcome.kind) {
    case 'authorized':
      return {
        result: done,
        payment: { status: 'AUTHORIZED', providerReference: outcome.providerReference },
        timeline: entry('PAYMENT_AUTHORIZED', 'The payment was authorized.', 'payment provider'),
      };
    case 'declined':
      return {
        result: refused({ kind: 'payment-declined', code: outcome.code }),
        payment: { status: 'DECLINED', declineCode: outcome.code },
        timeline: entry('PAYMENT_DECLINED', `The payment was declined: ${outcome.code}.`, 'payment provider'),
      };
    case 'action-required': {
      const { providerReference, actionUrl } = outcome;
      if (isLate(placement))
        return { result: refused({ kind: 'abandoned' }), payment: { status: 'ACTION_REQUIRED', providerReference } };
      return {
        result: { kind: 'action-required' },
        payment: { status: 'ACTION_REQUIRED', providerReference },
        actionUrl,
        ...(placement.state === 'AWAITING_ACTION'
          ? {}
          : { timeline: entry('NOTE', 'The shopper has a step to take at the bank.', 'payment provider') }),
      };
    }
    case 'cancelled':
      return { result: refused({ kind: 'not-completed' }), payment: { status: 'VOIDED' } };
    case 'unknown':
      return { result: outcome };
  }
}

/** Keeps the stock as long as the payment is not certain; that inventory is away does not keep from asking. */
async function extendHold(placement: Placement, { stock, settings }: StepParts): Promise<StepReport | undefined> {
  const { holdExpiresAt } = placement;
  if (holdExpiresAt && holdExpiresAt.getTime() > Date.now() + settings.holdMs / 2) return undefined;
  const until = new Date(Date.now() + settings.holdMs);
  const outcome = await stock.reserve(placement, until);
  switch (outcome.kind) {
    case 'done':
      return { result: done, allocations: outcome.allocations, holdExpiresAt: until };
    case 'insufficient':
      return { result: refused({ ...outcome, kind: 'insufficient-stock' }) };
    case 'gone':
      return { result: refused({ kind: 'not-completed' }) };
    case 'unknown':
      return undefined;
  }
}

export async function cancelPayment(placement: Placement, { payments }: StepParts): Promise<StepReport> {
  const { payment, orderId } = placement;
  if (!payment) return { result: done };
  const provider = payments.of(payment);
  const outcome = await provider.cancel({ orderId });
  switch (outcome.kind) {
    case 'done':
      return { result: done, payment: { status: 'VOIDED' } };
    case 'unknown':
      return { result: outcome };
    case 'captured':
      return giveBack(placement, payment, provider);
  }
}

/**
 * Refunds money that someone took at the provider by hand: here it is taken only when goods leave, after which nothing is
 * undone. What cannot be refunded from here is left to staff, and keeps no stock.
 */
async function giveBack(
  { total }: Placement,
  { id }: PlacementPayment,
  provider: PaymentProvider,
): Promise<StepReport> {
  const found = await provider.lookup(id);
  if (found.kind === 'unknown') return { result: found };
  if (found.kind !== 'authorized') {
    return { result: { kind: 'unknown', reason: `money was taken, though the payment is ${found.kind}` } };
  }
  const { providerReference } = found;
  const refund = await provider.refund({ idempotencyKey: `${id}:undo`, providerReference, amount: total });
  if (refund.kind === 'unknown') return { result: refund };
  const isBack = refund.kind === 'done';
  const message = isBack
    ? 'The money had been taken already; it was given back.'
    : `The money had been taken already and could not be given back (${refund.reason}): do so at the provider.`;
  return {
    result: done,
    payment: { status: isBack ? 'REFUNDED' : 'CAPTURED', providerReference },
    timeline: entry('NOTE', message, 'payment provider'),
  };
}

function paymentOf({ orderId, payment }: Placement): PlacementPayment {
  if (!payment) throw new Error(`The order ${orderId} is to be paid and has no payment.`);
  return payment;
}
