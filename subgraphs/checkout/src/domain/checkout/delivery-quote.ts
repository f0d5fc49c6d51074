import { formatAmount, parseAmount } from '@mercato/money';
import type { SubgraphClient } from '@mercato/subgraph-client';
import type { Checkout, ChosenDelivery } from './checkout.ts';
import { lineTotal } from './totals.ts';

interface Offer {
  readonly carrier: string;
  readonly service: string;
  readonly price: { readonly amount: string; readonly currency: string };
}
interface Answer {
  readonly deliveryQuote: (Offer & { readonly id: string; readonly expiresAt: string }) | null;
  readonly _entities: readonly ({ readonly deliveryOptions: readonly Offer[] | null } | null)[];
}

const offer = 'carrier service price { amount currency }';
const query = `query Quote($id: ID!, $checkoutId: ID!, $checkout: [_Any!]!) {
  deliveryQuote(id: $id, checkoutId: $checkoutId) { id expiresAt ${offer} }
  _entities(representations: $checkout) { ... on Checkout { deliveryOptions { ${offer} } } }
}`;

/**
 * An offer of shipping to this checkout, at the price that was offered. Null when it is unknown, has expired, or is not
 * among what shipping offers for the address and goods as they are now: an offer for another destination would still
 * be a valid one.
 * @throws SubgraphUnavailableError, SubgraphAnswerError
 */
export async function askDeliveryQuote(
  subgraphs: SubgraphClient,
  checkout: Checkout,
  optionId: string,
  timeoutMs: number,
): Promise<ChosenDelivery | null> {
  if (!checkout.shippingAddress) return null;
  const variables = { id: optionId, checkoutId: checkout.id, checkout: [representationOf(checkout)] };
  const { deliveryQuote, _entities } = await subgraphs.request<Answer>('shipping', query, variables, { timeoutMs });
  const current = _entities[0]?.deliveryOptions ?? [];
  if (!deliveryQuote || !current.some((each) => isSameOffer(each, deliveryQuote))) return null;

  const { id, carrier, service, price, expiresAt } = deliveryQuote;
  const amount = parseAmount(price.amount, price.currency);
  if (amount.kind !== 'ok' || price.currency !== checkout.currency) {
    throw new Error(`Shipping's price of ${carrier} ${service} is no amount in ${checkout.currency}.`);
  }
  return {
    optionId: id,
    carrier,
    service,
    price: { amount: amount.amount, currency: price.currency },
    expiresAt: new Date(expiresAt),
  };
}

const isSameOffer = (one: Offer, other: Offer): boolean =>
  one.carrier === other.carrier &&
  one.service === other.service &&
  one.price.amount === other.price.amount &&
  one.price.currency === other.price.currency;

/** The checkout as the router hands it to shipping: what `Checkout.deliveryOptions` requires. */
const representationOf = ({ id, currency, shippingAddress, lines }: Checkout) => ({
  __typename: 'Checkout',
  id,
  currency,
  shippingAddress: shippingAddress && {
    city: shippingAddress.city,
    region: shippingAddress.region,
    postalCode: shippingAddress.postalCode,
    country: shippingAddress.country,
  },
  lines: lines.map((line) => ({
    sku: line.sku,
    quantity: line.quantity,
    weightInGrams: line.weightInGrams,
    total: { amount: formatAmount(lineTotal(line)), currency },
  })),
});
