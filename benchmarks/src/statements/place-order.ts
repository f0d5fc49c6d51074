import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LoadClient } from '../load/client.ts';
import { ask } from '../system/ask.ts';
import { operation } from './documents.ts';

const money = z.object({ amount: z.string(), currency: z.string() });
const checkoutForm = z.object({
  id: z.string(),
  deliveryOptions: z.array(z.object({ id: z.string() })).nullable(),
  cost: z.object({ total: money }),
});
const payload = z.object({ checkout: checkoutForm });
const forms = {
  cartCreate: z.object({ cartCreate: z.object({ cart: z.object({ id: z.string() }) }) }),
  checkoutCreate: z.object({ checkoutCreate: payload }),
  address: z.object({ checkoutShippingAddressUpdate: payload }),
  delivery: z.object({ checkoutDeliveryOptionSelect: payload }),
  complete: z.object({ checkoutComplete: z.object({ order: z.object({ status: z.literal('PLACED') }) }) }),
};

const address = {
  name: 'Ada Lovelace',
  line1: '1 Main St',
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
};

/** What a shopper's storefront sends from an empty cart to the placed order. */
export async function placeOrder(
  shopper: LoadClient,
  lines: readonly { sku: string; quantity: number }[],
): Promise<void> {
  const send = <Data>(name: string, input: Record<string, unknown>, form: z.ZodType<Data>) =>
    ask(shopper, operation(name, { input }), form);

  const { cartCreate } = await send('CartCreate', { currency: 'USD', lines }, forms.cartCreate);
  const { checkoutCreate } = await send(
    'CheckoutCreate',
    { cartId: cartCreate.cart.id, email: 'ada@example.com' },
    forms.checkoutCreate,
  );
  const checkoutId = checkoutCreate.checkout.id;
  const { checkoutShippingAddressUpdate } = await send('CheckoutAddress', { checkoutId, address }, forms.address);
  const deliveryOptionId = checkoutShippingAddressUpdate.checkout.deliveryOptions?.[0]?.id;
  if (!deliveryOptionId) throw new Error('No way of delivery was offered.');
  const { checkoutDeliveryOptionSelect } = await send(
    'CheckoutDelivery',
    { checkoutId, deliveryOptionId },
    forms.delivery,
  );
  await send(
    'CheckoutComplete',
    {
      checkoutId,
      idempotencyKey: randomUUID(),
      expectedTotal: checkoutDeliveryOptionSelect.checkout.cost.total,
      payment: { provider: 'SANDBOX', token: 'tok_visa' },
    },
    forms.complete,
  );
}
