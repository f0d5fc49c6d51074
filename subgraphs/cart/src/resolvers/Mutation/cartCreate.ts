import { createCart } from '../../domain/create-cart.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { keyReused, lineRefusal } from '../user-errors.ts';

export const cartCreate: MutationResolvers['cartCreate'] = async (_parent, { input }, context) => {
  const outcome = await createCart(context, input);
  switch (outcome.kind) {
    case 'changed':
      return { cart: outcome.cart, userErrors: [] };
    case 'key-reused':
      return { cart: null, userErrors: [keyReused()] };
    default:
      return { cart: null, userErrors: [lineRefusal(outcome)] };
  }
};
