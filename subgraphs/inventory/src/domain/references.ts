/** Products' entities, as the router names them. */
export interface ProductReference {
  readonly id: string;
}

export interface ProductVariantReference {
  readonly sku: string;
}
