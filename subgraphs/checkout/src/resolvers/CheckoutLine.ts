import { lineTotal } from '../domain/checkout/totals.ts';
import type { CheckoutLineResolvers } from '../generated/graphql.ts';

export const CheckoutLine: CheckoutLineResolvers = {
  total: lineTotal,
  variant: ({ sku }) => ({ __typename: 'ProductVariant', sku }),
};
