import type { OrderLineResolvers } from '../generated/graphql.ts';

export const OrderLine: OrderLineResolvers = {
  variant: ({ sku }) => ({ __typename: 'ProductVariant', sku }),
};
