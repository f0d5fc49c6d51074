/** An order as reconciliation sees it. */
export interface KnownOrder {
  readonly id: string;
  /** `PENDING`, `PLACED`, `PARTIALLY_SHIPPED`, `SHIPPED`, `DELIVERED`, `CANCELLED` or `FAILED`. */
  readonly status: string;
  readonly country: string | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export interface PlacedOrdersPage {
  readonly orders: readonly KnownOrder[];
  /** Null after the last page. */
  readonly endCursor: string | null;
}

/** Orders could not be asked for; whoever meets this decides nothing about them. */
export class OrdersUnavailable extends Error {
  override readonly name = 'OrdersUnavailable';
}

/** Where orders are known. @throws OrdersUnavailable */
export interface Orders {
  /** Unknown ids are left out. */
  byId(ids: readonly string[]): Promise<ReadonlyMap<string, KnownOrder>>;
  placedBetween(span: { after: Date; before: Date }, cursor: string | null): Promise<PlacedOrdersPage>;
}
