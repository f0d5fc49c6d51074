export type OrderStatus = 'PENDING' | 'PLACED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'FAILED';

/** Where an order can go from each status. Parcels may be heard of in any order, so that steps can be skipped. */
const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['PLACED', 'FAILED'],
  PLACED: ['PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  PARTIALLY_SHIPPED: ['SHIPPED', 'DELIVERED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: [],
  CANCELLED: [],
  FAILED: [],
};

export const canBecome = (from: OrderStatus, to: OrderStatus): boolean => transitions[from].includes(to);

/** What is known of a parcel; `lines` are null until it is heard that it left. */
export interface KnownShipment {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[] | null;
  readonly delivered: boolean;
}

/** Where a placed order stands by its parcels, of which not all may have been heard. */
export function statusByShipments(
  ordered: readonly { readonly sku: string; readonly quantity: number }[],
  shipments: readonly KnownShipment[],
): 'PLACED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' {
  const left = new Map<string, number>();
  for (const { sku, quantity } of ordered) left.set(sku, (left.get(sku) ?? 0) + quantity);
  const sent = shipments.filter(({ lines }) => lines !== null);
  for (const { lines } of sent) {
    for (const { sku, quantity } of lines ?? []) left.set(sku, (left.get(sku) ?? 0) - quantity);
  }
  if (sent.length === 0) return 'PLACED';
  if ([...left.values()].some((units) => units > 0)) return 'PARTIALLY_SHIPPED';
  return sent.every(({ delivered }) => delivered) ? 'DELIVERED' : 'SHIPPED';
}
