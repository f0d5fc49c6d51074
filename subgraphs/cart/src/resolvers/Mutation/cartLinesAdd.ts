import { addLines } from '../../domain/add-lines.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { cartNotFound, keyReused, lineRefusal } from '../user-errors.ts';

export const cartLinesAdd: MutationResolvers['cartLinesAdd'] = async (_parent, { input }, context) => {
  const outcome = await addLines(context, input);
  switch (outcome.kind) {
    case 'changed':
      return { cart: outcome.cart, userErrors: [] };
    case 'cart-not-found':
      return { cart: null, userErrors: [cartNotFound()] };
    case 'key-reused':
      return { cart: null, userErrors: [keyReused()] };
    default:
      return { cart: null, userErrors: [lineRefusal(outcome)] };
  }
};
