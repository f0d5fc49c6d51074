import type { ShipmentStatus } from './shipment.ts';

/** Where a shipment that left can come to stand. Carriers skip steps and correct themselves; the end is the end. */
const next: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  PENDING: [],
  DISPATCHED: ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'EXCEPTION', 'RETURNED'],
  IN_TRANSIT: ['OUT_FOR_DELIVERY', 'DELIVERED', 'EXCEPTION', 'RETURNED'],
  OUT_FOR_DELIVERY: ['IN_TRANSIT', 'DELIVERED', 'EXCEPTION', 'RETURNED'],
  EXCEPTION: ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'RETURNED'],
  DELIVERED: [],
  RETURNED: [],
  CANCELLED: [],
};

/** Whether a carrier's word can take it there. Leaving is staff's doing (`dispatchShipment`), calling off the order's. */
export const canBecome = (from: ShipmentStatus, to: ShipmentStatus): boolean => next[from].includes(to);
