import { updateLines } from '../../domain/update-lines.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { cartNotFound, insufficientStock, invalidInput, limitExceeded, notFound } from '../user-errors.ts';

export const cartLinesUpdate: MutationResolvers['cartLinesUpdate'] = async (_parent, { input }, context) => {
  const outcome = await updateLines(context, input);
  switch (outcome.kind) {
    case 'changed':
      return { cart: outcome.cart, userErrors: [] };
    case 'cart-not-found':
      return { cart: null, userErrors: [cartNotFound()] };
    case 'line-not-found':
      return { cart: null, userErrors: [notFound('The cart has no such line; read the cart again.', outcome.path)] };
    case 'insufficient-stock':
      return { cart: null, userErrors: [insufficientStock(outcome)] };
    case 'limit-exceeded':
      return { cart: null, userErrors: [limitExceeded(outcome)] };
    case 'invalid-input':
      return { cart: null, userErrors: [invalidInput(outcome)] };
  }
};
