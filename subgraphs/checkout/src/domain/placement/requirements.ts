import type { Checkout } from '../checkout/checkout.ts';
import { totalsOf } from '../checkout/totals.ts';

/** What a checkout needs before it can complete. */
export type CheckoutRequirement = 'EMAIL' | 'SHIPPING_ADDRESS' | 'DELIVERY_OPTION' | 'PAYMENT';

/** What is missing, in the order a shopper gives it. An offer of delivery that has expired counts as none. */
export function missingRequirements(
  checkout: Pick<Checkout, 'email' | 'shippingAddress' | 'delivery' | 'lines' | 'currency'>,
  { hasPayment, now }: { readonly hasPayment: boolean; readonly now: Date },
): CheckoutRequirement[] {
  const { email, shippingAddress, delivery } = checkout;
  const { total } = totalsOf({ ...checkout, hasAddress: shippingAddress !== null });
  return [
    ...(email === null ? ['EMAIL' as const] : []),
    ...(shippingAddress === null ? ['SHIPPING_ADDRESS' as const] : []),
    ...(delivery === null || delivery.expiresAt <= now ? ['DELIVERY_OPTION' as const] : []),
    ...(total.amount > 0n && !hasPayment ? ['PAYMENT' as const] : []),
  ];
}
