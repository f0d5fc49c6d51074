import { setShippingAddress } from '../../domain/checkout/set-address.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { checkoutClosed, checkoutNotFound, invalidInput } from '../user-errors.ts';

export const checkoutShippingAddressUpdate: MutationResolvers['checkoutShippingAddressUpdate'] = async (
  _parent,
  { input },
  { db, loaders },
) => {
  const outcome = await setShippingAddress(db, input);
  switch (outcome.kind) {
    case 'changed':
      return { checkout: outcome.checkout, userErrors: [] };
    case 'checkout-not-found':
      return { checkout: null, userErrors: [checkoutNotFound()] };
    case 'checkout-closed':
      return { checkout: null, userErrors: [await checkoutClosed(outcome, loaders)] };
    case 'invalid-address':
      return { checkout: null, userErrors: outcome.problems.map(invalidInput) };
  }
};
