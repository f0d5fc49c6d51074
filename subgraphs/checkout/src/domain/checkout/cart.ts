import { parseAmount } from '@mercato/money';
import type { SubgraphClient } from '@mercato/subgraph-client';
import type { CheckoutLine } from './lines.ts';

/** A cart as it stands, as far as a checkout needs it. */
export interface Cart {
  readonly reference: string;
  readonly version: number;
  readonly currency: string;
  readonly lines: readonly CartLine[];
}

export interface CartLine extends CheckoutLine {
  /** Whether the catalog still sells it in the currency of the cart. */
  readonly sellable: boolean;
}

/** By the secret that the shopper holds, or by the name that services use. */
export type CartKey = { readonly secret: string } | { readonly reference: string };

/**
 * Asks cart. Null when there is no such cart, or it was ordered or has lapsed.
 * @throws SubgraphUnavailableError, SubgraphAnswerError
 */
export async function askCart(subgraphs: SubgraphClient, key: CartKey, timeoutMs: number): Promise<Cart | null> {
  const bySecret = 'secret' in key;
  const { cart } = await subgraphs.request<{ cart: CartAnswer | null }>(
    'cart',
    bySecret ? cartQuery : cartByReferenceQuery,
    { key: bySecret ? key.secret : key.reference },
    { timeoutMs },
  );
  return cart && { ...cart, lines: cart.lines.map((line) => readLine(line, cart.currency)) };
}

interface CartAnswer extends Omit<Cart, 'lines'> {
  readonly lines: readonly (Omit<CartLine, 'unitPrice'> & { readonly unitPrice: { readonly amount: string } })[];
}

const fields = `reference version currency
  lines { id sku title quantity unitPrice { amount } sellable weightInGrams taxClass }`;
const cartQuery = `query Cart($key: ID!) { cart(id: $key) { ${fields} } }`;
const cartByReferenceQuery = `query Cart($key: ID!) { cart: cartByReference(reference: $key) { ${fields} } }`;

function readLine(line: CartAnswer['lines'][number], currency: string): CartLine {
  const price = parseAmount(line.unitPrice.amount, currency);
  if (price.kind !== 'ok') throw new Error(`The cart's price of ${line.sku} ${price.reason}.`);
  return { ...line, unitPrice: { amount: price.amount, currency } };
}
