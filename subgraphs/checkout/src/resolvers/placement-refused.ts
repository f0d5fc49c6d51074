import type { Refusal } from '../domain/placement/transitions.ts';
import type { PaymentDeclineCode } from '../payment/index.ts';
import { insufficientStock } from './user-errors.ts';

const declined = (declineCode: PaymentDeclineCode, message: string) => ({
  __typename: 'PaymentDeclinedError' as const,
  message,
  path: ['input', 'payment'],
  declineCode,
});

const reasons: Readonly<Record<PaymentDeclineCode, string>> = {
  GENERIC: 'The payment was declined; try another card.',
  INSUFFICIENT_FUNDS: 'There is not enough money for this payment; try another card.',
  EXPIRED_CARD: 'The card has expired; try another one.',
  INCORRECT_DETAILS: "The card's number or check digits are wrong; mend them or try another card.",
  AUTHENTICATION_FAILED: 'The step at the bank was not passed; try again or with another card.',
  SUSPECTED_FRAUD: 'The payment was declined; try another card.',
};

/** Why an order that was begun is not placed. Nothing was charged; a new key may try again. */
export function placementRefused(refusal: Refusal) {
  switch (refusal.kind) {
    case 'insufficient-stock':
      return insufficientStock(refusal, ['checkoutId']);
    case 'payment-declined':
      return declined(refusal.code, reasons[refusal.code]);
    case 'abandoned':
      return declined(
        'AUTHENTICATION_FAILED',
        'This payment was given up before it was finished; nothing was charged.',
      );
    case 'not-completed':
      return declined('GENERIC', 'The order could not be placed in time; nothing was charged. Try again.');
  }
}
