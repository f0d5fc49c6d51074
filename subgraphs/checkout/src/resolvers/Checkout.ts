import { totalsOf } from '../domain/checkout/totals.ts';
import type { CheckoutResolvers } from '../generated/graphql.ts';

export const Checkout: CheckoutResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.checkout.load(id),
  lines: ({ lines }) => [...lines],
  selectedDeliveryOption: ({ delivery }) => delivery && { ...delivery, id: delivery.optionId },
  cost: (checkout) => ({
    ...totalsOf({ ...checkout, hasAddress: checkout.shippingAddress !== null }),
    taxStatus: 'NOT_CALCULATED',
  }),
  order: ({ status, reference }, _arguments, { loaders }) =>
    status === 'COMPLETED' ? loaders.orderOfCheckout.load(reference) : null,
};
