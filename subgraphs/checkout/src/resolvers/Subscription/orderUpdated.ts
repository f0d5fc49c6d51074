import { followOrder, type OrderNews } from '../../domain/order/follow.ts';
import { readsOrder } from '../../domain/order/visibility.ts';
import type { SubscriptionResolvers } from '../../generated/graphql.ts';

export const orderUpdated: SubscriptionResolvers['orderUpdated'] = {
  subscribe: (_parent, key, context) => followOrder(context, key.id, () => readsOrder(context, key)),
  resolve: ({ order }: OrderNews) => order,
};
