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
}
