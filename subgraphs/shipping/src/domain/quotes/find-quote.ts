import type { ShippingDatabase } from '../database.ts';
import { hashOfCheckout, type Quote } from './quote.ts';

/** A quote that still holds, if it was offered to this checkout. */
export async function findQuote(
  db: ShippingDatabase,
  { id, checkoutId }: { readonly id: string; readonly checkoutId: string },
): Promise<Quote | null> {
  const found = await db.deliveryQuote.findFirst({
    where: { id, checkoutHash: hashOfCheckout(checkoutId), expiresAt: { gt: new Date() } },
  });
  if (!found) return null;
  const { amount, currency, ...quote } = found;
  return { ...quote, price: { amount, currency } };
}

/** Throws away quotes that lapsed a day ago or before. How many went. */
export async function dropLapsedQuotes(db: ShippingDatabase): Promise<number> {
  const { count } = await db.deliveryQuote.deleteMany({
    where: { expiresAt: { lt: new Date(Date.now() - 86_400_000) } },
  });
  return count;
}
