import { isCurrency, type Money, parseAmount } from '@mercato/money';
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
  if (!isCurrency(expectedTotal.currency)) {
    return invalid('`expectedTotal.currency` is no currency; use three ISO 4217 letters such as `USD`.', [
      'expectedTotal',
      'currency',
    ]);
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
  const returnUrl = payment.returnUrl == null ? null : readWebAddress(payment.returnUrl);
  if (returnUrl === undefined) {
    return invalid('`payment.returnUrl` is a web address that begins with https:// or http://.', [
      'payment',
      'returnUrl',
    ]);
  }
  return { ...read, payment: { provider: payment.provider, token, returnUrl } };
}

const LONGEST_URL = 2_000;

/** As browsers write it, without what no address may hold; undefined when it is none. */
function readWebAddress(text: string): string | undefined {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
