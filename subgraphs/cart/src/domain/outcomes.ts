import type { Cart } from './cart.ts';

/** Where in the input a refusal lies, such as `['lines', '0', 'sku']`. */
export type InputPath = readonly string[];

export interface Changed {
  readonly kind: 'changed';
  readonly cart: Cart;
}
export interface UnknownSku {
  readonly kind: 'unknown-sku';
  readonly sku: string;
  readonly path: InputPath;
}
export interface InsufficientStock {
  readonly kind: 'insufficient-stock';
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
  readonly path: InputPath;
}
export interface LimitExceeded {
  readonly kind: 'limit-exceeded';
  readonly message: string;
  readonly limit: number;
  readonly path: InputPath;
}
export interface InvalidInput {
  readonly kind: 'invalid-input';
  readonly message: string;
  readonly path: InputPath;
}
export interface CartNotFound {
  readonly kind: 'cart-not-found';
}
export interface KeyReused {
  readonly kind: 'key-reused';
}

export type LineRefusal = UnknownSku | InsufficientStock | LimitExceeded | InvalidInput;
