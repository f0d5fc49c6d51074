import { type CartNews, followCart } from '../../domain/follow-cart.ts';
import type { SubscriptionResolvers } from '../../generated/graphql.ts';

export const cartUpdated: SubscriptionResolvers['cartUpdated'] = {
  subscribe: (_parent, { id }, { db, live }) => followCart(db, live, id),
  resolve: ({ cart }: CartNews) => cart,
};
