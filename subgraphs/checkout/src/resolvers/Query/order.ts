import { readsOrder } from '../../domain/order/visibility.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const order: QueryResolvers['order'] = async (_parent, key, context) =>
  readsOrder(context, key) ? context.loaders.order.load(key.id) : null;
