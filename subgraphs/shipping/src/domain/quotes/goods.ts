import type { Money } from '@mercato/money';
import type { Destination } from '../zones/choose-zone.ts';

/** What shipping must know of a checkout; the router fetches it from there. */
export interface CheckoutGoods {
  /** The checkout's id, a secret. */
  readonly id: string;
  readonly currency: string;
  /** Null until the address is set. */
  readonly shippingAddress?: (Destination & { readonly city?: string | null }) | null;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Grams of one unit; null when the catalog does not know. */
    readonly weightInGrams?: number | null;
    /** As it comes over the wire. */
    readonly total: { readonly amount: string; readonly currency: string };
  }[];
}

/** Grams that a unit of unknown weight is taken to have: a parcel must not be quoted as if it were empty. */
export const assumedGrams = 500;

export const weightOf = ({ lines }: Pick<CheckoutGoods, 'lines'>): number =>
  lines.reduce((grams, { quantity, weightInGrams }) => grams + quantity * (weightInGrams ?? assumedGrams), 0);

/** A delivery without its identity: what a rate means for these goods. */
export interface PricedDelivery {
  readonly rateId: string;
  readonly carrier: string;
  readonly service: string;
  readonly price: Money;
  readonly minBusinessDays: number;
  readonly maxBusinessDays: number;
}
