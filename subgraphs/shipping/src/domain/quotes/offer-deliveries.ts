import { parseAmount } from '@mercato/money';
import { LRUCache } from 'lru-cache';
import type { ShippingDatabase } from '../database.ts';
import { chooseZone } from '../zones/choose-zone.ts';
import type { ReadZones } from '../zones/read-zones.ts';
import { estimateDelivery } from './business-days.ts';
import { type CheckoutGoods, weightOf } from './goods.ts';
import { priceDeliveries } from './price-deliveries.ts';
import { hashOfCheckout, type Quote, quoteId, quoteMinutes } from './quote.ts';

export type OfferDeliveries = (goods: CheckoutGoods) => Promise<Quote[] | null>;

/** Half of a quote's time: a quote that was stored less than this ago need not be stored again. */
const storedMs = (quoteMinutes / 2) * 60_000;

/** Ways of delivery for a checkout, cheapest first, each stored as a quote; null until its address is set. */
export function deliveryOffers(
  db: ShippingDatabase,
  readZones: ReadZones,
  now: () => Date = () => new Date(),
): OfferDeliveries {
  const stored = new LRUCache<string, Quote>({ max: 20_000, ttl: storedMs });

  return async (goods) => {
    if (!goods.shippingAddress) return null;
    if (goods.lines.length === 0) return [];
    const zone = chooseZone(await readZones(), goods.shippingAddress);
    if (!zone) return [];
    const quotes = quotesFor(goods, zone.rates, now());
    const fresh = quotes.filter(({ id }) => !stored.has(id));
    if (fresh.length > 0) {
      await storeQuotes(db, hashOfCheckout(goods.id), fresh);
      for (const quote of fresh) stored.set(quote.id, quote);
    }
    return quotes.map((quote) => stored.get(quote.id) ?? quote);
  };
}

function quotesFor(goods: CheckoutGoods, rates: Parameters<typeof priceDeliveries>[0], now: Date): Quote[] {
  const { currency, shippingAddress, lines } = goods;
  const value = lines.reduce((sum, { total }) => sum + amountOf(total), 0n);
  const weightInGrams = weightOf(goods);
  const expiresAt = new Date(now.getTime() + quoteMinutes * 60_000);
  const where = [shippingAddress?.country ?? '', shippingAddress?.region ?? '', shippingAddress?.postalCode ?? ''];

  return priceDeliveries(rates, { weightInGrams, value, currency }).map(
    ({ rateId, carrier, service, price, ...days }) => {
      const { earliest, latest } = estimateDelivery(now, days);
      const id = quoteId(goods.id, rateId, price.amount, currency, weightInGrams, ...where, earliest.toISOString());
      return { id, carrier, service, price, earliest, latest, expiresAt };
    },
  );
}

function amountOf({ amount, currency }: { amount: string; currency: string }): bigint {
  const parsed = parseAmount(amount, currency);
  if (parsed.kind === 'invalid')
    throw new Error(`The checkout named the amount ${amount} ${currency}: ${parsed.reason}`);
  return parsed.amount;
}

async function storeQuotes(db: ShippingDatabase, checkoutHash: string, quotes: readonly Quote[]): Promise<void> {
  const rows = quotes.map(({ id, carrier, service, price, earliest, latest, expiresAt }) => ({
    id,
    carrier,
    service,
    amount: String(price.amount),
    currency: price.currency,
    earliest,
    latest,
    expires_at: expiresAt,
  }));
  await db.$executeRaw`
    INSERT INTO delivery_quote (id, checkout_hash, carrier, service, amount, currency, earliest, latest, expires_at)
    SELECT id, ${checkoutHash}, carrier, service, amount, currency, earliest::date, latest::date, expires_at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS q(id text, carrier text, service text, amount bigint,
      currency text, earliest timestamptz, latest timestamptz, expires_at timestamptz)
    ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at`;
}
