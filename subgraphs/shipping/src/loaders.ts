import DataLoader from 'dataloader';
import type { ShippingDatabase } from './domain/database.ts';
import { readShipments, type Shipment } from './domain/shipments/shipment.ts';

export interface Loaders {
  readonly shipment: DataLoader<string, Shipment | null>;
  readonly shipmentsOfOrder: DataLoader<string, Shipment[]>;
}

/** For one call: many references, one statement. */
export const createLoaders = (db: ShippingDatabase): Loaders => ({
  shipment: new DataLoader(async (ids) => {
    const shipments = new Map((await readShipments(db, { ids })).map((shipment) => [shipment.id, shipment]));
    return ids.map((id) => shipments.get(id) ?? null);
  }),
  shipmentsOfOrder: new DataLoader(async (orderIds) => {
    const shipments = await readShipments(db, { orderIds });
    return orderIds.map((orderId) => shipments.filter((shipment) => shipment.orderId === orderId));
  }),
});
