import type { Money } from '@mercato/money';
import type { Amounts } from '../domain/zones/zone.ts';
import type { ShippingRateResolvers } from '../generated/graphql.ts';

export const ShippingRate: ShippingRateResolvers = {
  price: ({ prices }, { currency }) => amountIn(prices, currency ?? 'USD'),
  freeFrom: ({ freeFrom }, { currency }) => amountIn(freeFrom, currency ?? 'USD'),
};

function amountIn(amounts: Amounts, currency: string): Money | null {
  const amount = amounts[currency];
  return amount === undefined ? null : { amount, currency };
}
