import { formatAmount, type Money } from '@mercato/money';
import { type PlaceOrderOutcome, placeOrder } from '../../domain/placement/place-order.ts';
import type { CheckoutRequirement } from '../../domain/placement/requirements.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import type { Loaders } from '../../loaders.ts';
import { placementRefused } from '../placement-refused.ts';
import { orUnavailable } from '../unavailable.ts';
import { checkoutClosed, checkoutNotFound, insufficientStock, invalidInput, keyReused } from '../user-errors.ts';

export const checkoutComplete: MutationResolvers['checkoutComplete'] = async (_parent, { input }, context) => {
  const outcome = await orUnavailable(placeOrder(context, input));
  if (outcome.kind === 'ordered') {
    return { order: outcome.order, accessToken: outcome.accessToken, userErrors: [] };
  }
  return { order: null, accessToken: null, userErrors: [await errorOf(outcome, context.loaders)] };
};

function errorOf(outcome: Exclude<PlaceOrderOutcome, { kind: 'ordered' }>, loaders: Loaders) {
  switch (outcome.kind) {
    case 'refused':
      return placementRefused(outcome.refusal);
    case 'action-required':
      return actionRequired(outcome.actionUrl);
    case 'in-progress':
      return inProgress();
    case 'incomplete':
      return incomplete(outcome.missing);
    case 'price-changed':
      return priceChanged(outcome.currentTotal);
    case 'key-reused':
      return keyReused();
    case 'checkout-not-found':
      return checkoutNotFound();
    case 'checkout-closed':
      return checkoutClosed(outcome, loaders);
    case 'insufficient-stock':
      return insufficientStock(outcome, ['checkoutId']);
    case 'invalid-input':
      return invalidInput(outcome);
  }
}

const actionRequired = (actionUrl: string) => ({
  __typename: 'PaymentActionRequiredError' as const,
  message: 'The bank wants a step of the shopper; repeat the call with the same key afterwards.',
  path: ['input', 'payment'],
  actionUrl,
});

const inProgress = () => ({
  __typename: 'CheckoutInProgressError' as const,
  message: 'An order is being placed from this checkout; repeat the call in a moment.',
  path: ['input', 'checkoutId'],
});

const wants: Readonly<Record<CheckoutRequirement, string>> = {
  EMAIL: 'an e-mail address',
  SHIPPING_ADDRESS: 'a shipping address',
  DELIVERY_OPTION: 'a way of delivery whose offer has not expired',
  PAYMENT: 'a payment',
};

const incomplete = (missing: readonly CheckoutRequirement[]) => ({
  __typename: 'CheckoutIncompleteError' as const,
  message: `The checkout still needs ${missing.map((each) => wants[each]).join(' and ')}.`,
  path: ['input', 'checkoutId'],
  missing: [...missing],
});

const priceChanged = (currentTotal: Money) => ({
  __typename: 'PriceChangedError' as const,
  message: `The total is ${formatAmount(currentTotal)} ${currentTotal.currency} now; show it to the shopper and ask again.`,
  path: ['input', 'expectedTotal'],
  currentTotal,
});
