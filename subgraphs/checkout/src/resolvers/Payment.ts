import { readsOrders } from '../domain/order/visibility.ts';
import type { PaymentResolvers } from '../generated/graphql.ts';

export const Payment: PaymentResolvers = {
  __resolveReference: ({ id }, { viewer, loaders }) => (readsOrders(viewer) ? loaders.payment.load(id) : null),
  // No refund is kept by itself; that of an order which was undone shows as the payment's status.
  refunds: () => [],
};
