import { removeLines } from '../../domain/update-lines.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { cartNotFound } from '../user-errors.ts';

export const cartLinesRemove: MutationResolvers['cartLinesRemove'] = async (_parent, { input }, { db }) => {
  const outcome = await removeLines(db, input);
  return outcome.kind === 'changed'
    ? { cart: outcome.cart, userErrors: [] }
    : { cart: null, userErrors: [cartNotFound()] };
};
