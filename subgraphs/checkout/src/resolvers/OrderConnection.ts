import type { OrderConnectionResolvers } from '../generated/graphql.ts';

export const OrderConnection: OrderConnectionResolvers = {
  nodes: ({ nodes }) => [...nodes],
  edges: ({ edges }) => [...edges],
};
