import type { ShipmentResolvers } from '../generated/graphql.ts';

export const Shipment: ShipmentResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.shipment.load(id),
  order: ({ orderId }) => ({ id: orderId }),
  // The carrier chosen at checkout is a plan until the parcel is handed over.
  carrier: ({ status, carrier }) => (status === 'PENDING' || status === 'CANCELLED' ? null : carrier),
  lines: ({ lines }) => [...lines],
  events: ({ events }) => [...events],
};
