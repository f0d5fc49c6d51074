import { readsOrders } from '../domain/order/visibility.ts';
import type { PaymentResolvers } from '../generated/graphql.ts';

export const Payment: PaymentResolvers = {
  __resolveReference: ({ id }, { viewer, loaders }) => (readsOrders(viewer) ? loaders.payment.load(id) : null),
  // Money that was taken is given back at the provider; nothing here does so yet.
  refunds: () => [],
};
