import { type Money, parseAmount } from '@mercato/money';
import type { PaymentProviders } from '../../payment/index.ts';
import { type InvalidInput, invalid } from '../checkout/outcomes.ts';
import type { PlaceOrderInput } from './place-order.ts';

export interface ReadInput {
  readonly kind: 'input';
  readonly expectedTotal: Money;
  readonly payment: { readonly provider: string; readonly token: string; readonly returnUrl: string | null } | null;
}

/** Everything about the call that can be judged without the checkout. */
export function checkInput(payments: PaymentProviders, input: PlaceOrderInput): ReadInput | InvalidInput {
  const { idempotencyKey, expectedTotal, payment } = input;
  if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) {
    return invalid('`idempotencyKey` is 1 to 200 letters without spaces, such as a random UUID.', ['idempotencyKey']);
  }
  const total = parseAmount(expectedTotal.amount, expectedTotal.currency);
  if (total.kind !== 'ok') return invalid(`\`expectedTotal.amount\` ${total.reason}.`, ['expectedTotal', 'amount']);
  const read = { kind: 'input', expectedTotal: { amount: total.amount, currency: expectedTotal.currency } } as const;
  if (!payment) return { ...read, payment: null };

  const choice = payments.choose(payment.provider);
  if (choice.kind !== 'ok') return invalid(choice.message, ['payment', 'provider']);
  const token = payment.token.trim();
  if (token === '' || token.length > 200) {
    return invalid("`payment.token` is what the provider's form gave, 1 to 200 letters.", ['payment', 'token']);
  }
  const returnUrl = payment.returnUrl ?? null;
  if (returnUrl !== null && !isWebAddress(returnUrl)) {
    return invalid('`payment.returnUrl` is a web address that begins with https:// or http://.', [
      'payment',
      'returnUrl',
    ]);
  }
  return { ...read, payment: { provider: payment.provider, token, returnUrl } };
}

const isWebAddress = (text: string): boolean =>
  text.length <= 2_000 && URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol);
