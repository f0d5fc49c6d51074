import { type LiveFeed, readAgain } from '@mercato/live';
import { type Cart, findCart } from './cart.ts';
import type { CartDatabase } from './database.ts';

/** A cart as it is now; null when it was ordered or has lapsed, and there is nothing more to follow. */
export interface CartNews {
  readonly cart: Cart | null;
}

/** The cart now, and again whenever what a shopper sees of it changes: by the shopper, the catalog, or time. */
export function followCart(
  db: CartDatabase,
  live: LiveFeed,
  secret: string,
): Promise<AsyncIterableIterator<CartNews, undefined>> {
  const itself = `cart:${secret}`;
  let seen = '';
  return readAgain<CartNews>(live, [itself], async () => {
    const cart = await findCart(db, { secret });
    if (!cart) return { events: [{ cart }], over: true };
    const looks = looksOf(cart);
    const events = looks === seen ? [] : [{ cart }];
    seen = looks;
    // Prices are the catalog's: they change without the cart.
    return { events, names: [itself, ...cart.lines.map(({ sku }) => `variant:${sku}`)], until: cart.expiresAt };
  });
}

const looksOf = ({ version, updatedAt, lines }: Cart): string =>
  JSON.stringify([
    version,
    updatedAt,
    ...lines.map(({ title, unitPrice, sellable }) => [title, `${unitPrice.amount}`, sellable]),
  ]);
