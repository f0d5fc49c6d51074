import type { CheckoutResolvers } from '../generated/graphql.ts';

export const Checkout: CheckoutResolvers = {
  deliveryOptions: (goods, _args, { offerDeliveries }) => offerDeliveries(goods),
};
