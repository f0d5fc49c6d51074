import type { OrderResolvers } from '../generated/graphql.ts';

export const Order: OrderResolvers = {
  shipments: ({ id }, _args, { loaders }) => loaders.shipmentsOfOrder.load(id),
};
