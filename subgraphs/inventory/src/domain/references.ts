import type { Availability } from './availability.ts';

/**
 * Products' entity, as the router names it.
 * @mapped
 */
export interface ProductReference {
  readonly id: string;
}

/**
 * Products' entity, as the router names it.
 * @mapped
 */
export interface ProductVariantReference {
  readonly sku: string;
  /** Where it was read already. */
  readonly availability?: Availability;
}
