import type { Checkout, CheckoutStatus } from './checkout.ts';

/** Where in the input a refusal lies, such as `['address', 'postalCode']`. */
export type InputPath = readonly string[];

export interface Changed {
  readonly kind: 'changed';
  readonly checkout: Checkout;
}
export interface CheckoutNotFound {
  readonly kind: 'checkout-not-found';
}
/** It is completed, completing or lapsed. */
export interface CheckoutClosed {
  readonly kind: 'checkout-closed';
  readonly status: CheckoutStatus;
  readonly reference: string;
}
export interface InvalidInput {
  readonly kind: 'invalid-input';
  readonly message: string;
  readonly path: InputPath;
}
export interface InsufficientStock {
  readonly kind: 'insufficient-stock';
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

export const invalid = (message: string, path: InputPath): InvalidInput => ({ kind: 'invalid-input', message, path });

/** Why a change of a checkout met none that is open. */
export const closedOrMissing = (checkout: Checkout | null): CheckoutClosed | CheckoutNotFound =>
  checkout
    ? { kind: 'checkout-closed', status: checkout.status, reference: checkout.reference }
    : { kind: 'checkout-not-found' };
