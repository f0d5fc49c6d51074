import { cancelShipments } from '../../domain/shipments/cancel-shipments.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';

export const shipmentsCancel: MutationResolvers['shipmentsCancel'] = async (_parent, { input }, { db }) => {
  const outcome = await cancelShipments(db, input.orderId);
  const shipments = [...outcome.shipments];
  switch (outcome.kind) {
    case 'cancelled':
      return { shipments, userErrors: [] };
    case 'left': {
      const { status } = outcome;
      const message = `A parcel of this order is ${status}: nothing was called off.`;
      return {
        shipments,
        userErrors: [{ __typename: 'ShipmentNotCancellableError', message, path: ['input', 'orderId'], status }],
      };
    }
  }
};
