import type { CartLineResolvers } from '../generated/graphql.ts';

export const CartLine: CartLineResolvers = {
  variant: ({ sku }) => ({ __typename: 'ProductVariant', sku }),
  // Promotions take nothing off as long as there are none.
  discounts: () => [],
};
