import { updateDiscountCodes } from '../../domain/discount-codes.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { cartNotFound, invalidInput } from '../user-errors.ts';

export const cartDiscountCodesUpdate: MutationResolvers['cartDiscountCodesUpdate'] = async (
  _parent,
  { input },
  { db },
) => {
  const outcome = await updateDiscountCodes(db, input);
  switch (outcome.kind) {
    case 'changed':
      return { cart: outcome.cart, userErrors: [] };
    case 'cart-not-found':
      return { cart: null, userErrors: [cartNotFound()] };
    case 'invalid-input':
      return { cart: null, userErrors: [invalidInput(outcome)] };
  }
};
