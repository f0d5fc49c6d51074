import { createCheckout } from '../../domain/checkout/create.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { orUnavailable } from '../unavailable.ts';
import { insufficientStock, invalidInput, notFound } from '../user-errors.ts';

export const checkoutCreate: MutationResolvers['checkoutCreate'] = async (_parent, { input }, context) => {
  const outcome = await orUnavailable(createCheckout(context, input));
  switch (outcome.kind) {
    case 'changed':
      return { checkout: outcome.checkout, userErrors: [] };
    case 'cart-not-found': {
      const message = 'There is no such cart; it may have been ordered or have lapsed.';
      return { checkout: null, userErrors: [notFound(message, ['cartId'])] };
    }
    case 'cart-empty': {
      const message = 'There is nothing in the cart; add something first.';
      return { checkout: null, userErrors: [{ __typename: 'CartEmptyError', message, path: ['input', 'cartId'] }] };
    }
    case 'insufficient-stock':
      return { checkout: null, userErrors: [insufficientStock(outcome, ['cartId'])] };
    case 'invalid-input':
      return { checkout: null, userErrors: [invalidInput(outcome)] };
  }
};
