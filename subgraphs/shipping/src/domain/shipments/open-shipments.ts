import { newId } from '@mercato/ids';
import type { ShippingTransaction } from '../database.ts';
import { lockOrder } from './order-lock.ts';

/** What shipping must know of an order that was placed. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly carrier: string;
  readonly service: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly allocations: readonly { readonly warehouse: string; readonly quantity: number }[];
  }[];
}

/** Opens a shipment for each warehouse that goods of the order leave from; none when the order was called off already. */
export async function openShipments(tx: ShippingTransaction, order: PlacedOrder): Promise<void> {
  await lockOrder(tx, order.orderId);
  const cancelled = await tx.cancelledOrder.findUnique({ where: { orderId: order.orderId } });
  for (const [warehouse, units] of unitsByWarehouse(order)) {
    const at = new Date();
    const status = cancelled ? 'CANCELLED' : 'PENDING';
    await tx.shipment.upsert({
      where: { orderId_warehouse: { orderId: order.orderId, warehouse } },
      update: {},
      create: {
        id: newId('shipment'),
        orderId: order.orderId,
        warehouse,
        status,
        carrier: order.carrier,
        service: order.service,
        lines: { create: [...units].map(([sku, quantity]) => ({ sku, quantity })) },
        events: { create: { id: newId('shipmentevent'), status, at } },
      },
    });
  }
}

/** Units of each sku by the warehouse they lie in. Units that no warehouse was named for go under an empty name. */
export function unitsByWarehouse({ lines }: Pick<PlacedOrder, 'lines'>): Map<string, Map<string, number>> {
  const units = new Map<string, Map<string, number>>();
  const add = (warehouse: string, sku: string, quantity: number) => {
    if (quantity <= 0) return;
    const skus = units.get(warehouse) ?? new Map<string, number>();
    skus.set(sku, (skus.get(sku) ?? 0) + quantity);
    units.set(warehouse, skus);
  };
  for (const { sku, quantity, allocations } of lines) {
    let left = quantity;
    for (const allocation of allocations) {
      const taken = Math.min(left, allocation.quantity);
      add(allocation.warehouse, sku, taken);
      left -= taken;
    }
    add('', sku, left);
  }
  return units;
}
