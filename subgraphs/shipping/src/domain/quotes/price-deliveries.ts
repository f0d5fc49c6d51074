import type { Rate } from '../zones/zone.ts';
import type { PricedDelivery } from './goods.ts';

/** What is to be delivered: grams, value in minor units, currency. */
export interface Parcel {
  readonly weightInGrams: number;
  readonly value: bigint;
  readonly currency: string;
}

/**
 * The ways in which a parcel can go, cheapest first: for each service of each carrier the cheapest rate whose bounds
 * hold. Bounds of weight are inclusive; a rate without a price in the currency is not offered in it.
 */
export function priceDeliveries(rates: readonly Rate[], parcel: Parcel): PricedDelivery[] {
  const cheapest = new Map<string, PricedDelivery>();
  for (const rate of rates) {
    const delivery = priceDelivery(rate, parcel);
    if (!delivery) continue;
    const key = JSON.stringify([rate.carrier, rate.service]);
    const known = cheapest.get(key);
    if (!known || delivery.price.amount < known.price.amount) cheapest.set(key, delivery);
  }
  return [...cheapest.values()].sort(
    (a, b) =>
      Number(a.price.amount - b.price.amount) ||
      a.maxBusinessDays - b.maxBusinessDays ||
      a.service.localeCompare(b.service),
  );
}

function priceDelivery(rate: Rate, { weightInGrams, value, currency }: Parcel): PricedDelivery | null {
  const price = rate.prices[currency];
  if (price === undefined) return null;
  if (rate.minWeightInGrams !== null && weightInGrams < rate.minWeightInGrams) return null;
  if (rate.maxWeightInGrams !== null && weightInGrams > rate.maxWeightInGrams) return null;
  const freeFrom = rate.freeFrom[currency];
  const isFree = freeFrom !== undefined && value >= freeFrom;
  return {
    rateId: rate.id,
    carrier: rate.carrier,
    service: rate.service,
    price: { amount: isFree ? 0n : price, currency },
    minBusinessDays: rate.minBusinessDays,
    maxBusinessDays: rate.maxBusinessDays,
  };
}
