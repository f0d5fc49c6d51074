import { readsOrders } from '../domain/order/visibility.ts';
import type { OrderResolvers } from '../generated/graphql.ts';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }, { viewer, loaders }) => (readsOrders(viewer) ? loaders.order.load(id) : null),
  lines: ({ id }, _arguments, { loaders }) => loaders.lines.load(id),
  payments: ({ id }, _arguments, { loaders }) => loaders.payments.load(id),
  timeline: ({ id }, _arguments, { loaders }) => loaders.timeline.load(id),
  cost: ({ subtotal, discount, deliveryCost, tax, total, currency }) => ({
    subtotal: { amount: subtotal, currency },
    discount: { amount: discount, currency },
    delivery: { amount: deliveryCost, currency },
    tax: { amount: tax, currency },
    taxStatus: 'NOT_CALCULATED',
    total: { amount: total, currency },
  }),
};
