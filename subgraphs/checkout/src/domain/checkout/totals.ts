import { add, type Money, multiply, subtract, sum } from '@mercato/money';

export interface CheckoutTotals {
  /** Lines before discounts. */
  readonly subtotal: Money;
  /** As a positive amount. */
  readonly discount: Money;
  /** Null until a way of delivery is chosen. */
  readonly delivery: Money | null;
  /** Null until the address is known. */
  readonly tax: Money | null;
  /** As far as it is known. */
  readonly total: Money;
}

/**
 * What a checkout costs. The shop reckons no tax and has no promotions: both are zero. Nothing is rounded, as only whole
 * units are multiplied.
 */
export function totalsOf(checkout: {
  readonly currency: string;
  readonly lines: readonly { readonly unitPrice: Money; readonly quantity: number }[];
  readonly delivery: { readonly price: Money } | null;
  readonly hasAddress: boolean;
}): CheckoutTotals {
  const { currency } = checkout;
  const zero: Money = { amount: 0n, currency };
  const subtotal = sum(checkout.lines.map(lineTotal), currency);
  const discount = zero;
  const delivery = checkout.delivery?.price ?? null;
  return {
    subtotal,
    discount,
    delivery,
    tax: checkout.hasAddress ? zero : null,
    total: add(subtract(subtotal, discount), delivery ?? zero),
  };
}

export const lineTotal = ({ unitPrice, quantity }: { readonly unitPrice: Money; readonly quantity: number }): Money =>
  multiply(unitPrice, quantity);
