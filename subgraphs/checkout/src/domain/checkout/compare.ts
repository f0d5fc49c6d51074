import type { Cart, CartLine } from './cart.ts';
import type { CheckoutLine } from './lines.ts';

export type Comparison =
  /** Nothing that matters differs. */
  | 'same'
  /** The same goods at other prices: an offer of delivery still fits. */
  | 'prices-changed'
  /** Other goods, quantities or weights: an offer of delivery was made for something else. */
  | 'items-changed';

/** Frozen lines against the cart as it is now; the order of lines and their titles do not matter. */
export function compareWithCart(
  frozen: readonly CheckoutLine[],
  cart: { readonly lines: readonly CheckoutLine[] },
): Comparison {
  const now = new Map(cart.lines.map((line) => [line.sku, line]));
  const isSameItem = (line: CheckoutLine) => {
    const other = now.get(line.sku);
    return other?.quantity === line.quantity && other.weightInGrams === line.weightInGrams;
  };
  if (frozen.length !== cart.lines.length || !frozen.every(isSameItem)) return 'items-changed';
  const isSamePrice = (line: CheckoutLine) => now.get(line.sku)?.unitPrice.amount === line.unitPrice.amount;
  return frozen.every(isSamePrice) ? 'same' : 'prices-changed';
}

/** The first line that the catalog no longer sells. */
export const findUnsellable = (cart: Cart): CartLine | undefined => cart.lines.find(({ sellable }) => !sellable);
