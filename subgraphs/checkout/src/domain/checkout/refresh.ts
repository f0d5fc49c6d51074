import type { CheckoutDatabase } from '../database.ts';
import type { Cart } from './cart.ts';
import { type Checkout, type CheckoutRow, checkoutColumns, readCheckout } from './checkout.ts';
import { compareWithCart } from './compare.ts';
import { type CheckoutLine, writeLines } from './lines.ts';

export const linesFromCart = ({ lines }: Cart): CheckoutLine[] =>
  lines.map(({ id, sku, title, quantity, unitPrice, weightInGrams, taxClass }) => ({
    id,
    sku,
    title,
    quantity,
    unitPrice,
    weightInGrams,
    taxClass,
  }));

/**
 * Takes over the cart as it is now. A chosen delivery is kept when only prices changed, and dropped with other goods.
 * Null when the checkout changed meanwhile or is not open.
 */
export async function refreshFromCart(db: CheckoutDatabase, checkout: Checkout, cart: Cart): Promise<Checkout | null> {
  const keepsDelivery = compareWithCart(checkout.lines, cart) !== 'items-changed';
  const [row] = await db.$queryRaw<CheckoutRow[]>`
    UPDATE checkout SET lines = ${writeLines(linesFromCart(cart))}::jsonb, cart_version = ${cart.version},
      delivery = CASE WHEN ${keepsDelivery} THEN delivery END, version = version + 1, updated_at = now()
    WHERE id = ${checkout.reference} AND version = ${checkout.version} AND status = 'OPEN'
    RETURNING ${checkoutColumns}`;
  return row ? readCheckout(row) : null;
}
