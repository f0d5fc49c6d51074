import { readsOrders } from '../../domain/order/visibility.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const order: QueryResolvers['order'] = async (_parent, { id, accessToken }, { viewer, tokens, loaders }) => {
  const mayRead = readsOrders(viewer) || (accessToken ? tokens.opens(id, accessToken) : false);
  return mayRead ? loaders.order.load(id) : null;
};
