import { createHash } from 'node:crypto';
import type { Money } from '@mercato/money';

/** A way of delivery as it was offered to one checkout. */
export interface Quote {
  readonly id: string;
  readonly carrier: string;
  readonly service: string;
  readonly price: Money;
  /** Days, at midnight UTC. */
  readonly earliest: Date;
  readonly latest: Date;
  readonly expiresAt: Date;
}

/** Minutes that a quote can be chosen and completed; asking again begins them anew. */
export const quoteMinutes = 60;

/** What the database knows of a checkout: its id is a secret. */
export const hashOfCheckout = (checkoutId: string): string =>
  createHash('sha256').update(checkoutId).digest('base64url');

/**
 * Made from all that a quote was reckoned from, so that asking twice stores once, and a quote for other goods or
 * another address is another quote.
 */
export const quoteId = (...inputs: readonly (string | number | bigint)[]): string =>
  `delivery_${createHash('sha256').update(inputs.map(String).join('\u0000')).digest('base64url').slice(0, 26)}`;
