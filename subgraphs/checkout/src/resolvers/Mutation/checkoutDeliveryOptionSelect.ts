import { selectDelivery } from '../../domain/checkout/select-delivery.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { orUnavailable } from '../unavailable.ts';
import { checkoutClosed, checkoutNotFound } from '../user-errors.ts';

export const checkoutDeliveryOptionSelect: MutationResolvers['checkoutDeliveryOptionSelect'] = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await orUnavailable(selectDelivery(context, input));
  switch (outcome.kind) {
    case 'changed':
      return { checkout: outcome.checkout, userErrors: [] };
    case 'checkout-not-found':
      return { checkout: null, userErrors: [checkoutNotFound()] };
    case 'checkout-closed':
      return { checkout: null, userErrors: [await checkoutClosed(outcome, context.loaders)] };
    case 'delivery-unavailable': {
      const message = 'This way of delivery is not offered to the checkout as it is now; read deliveryOptions again.';
      const path = ['input', 'deliveryOptionId'];
      return { checkout: null, userErrors: [{ __typename: 'DeliveryOptionUnavailableError', message, path }] };
    }
  }
};
