import { updateShipmentStatus } from '../../domain/shipments/update-status.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput, shipmentNotFound } from '../user-errors.ts';

export const shipmentStatusUpdate: MutationResolvers['shipmentStatusUpdate'] = async (_parent, { input }, { db }) => {
  const outcome = await updateShipmentStatus(db, input);
  switch (outcome.kind) {
    case 'updated':
      return { shipment: outcome.shipment, userErrors: [] };
    case 'not-found':
      return { shipment: null, userErrors: [shipmentNotFound()] };
    case 'transition-refused': {
      const message =
        outcome.status === 'PENDING'
          ? 'A shipment must be dispatched before its carrier can say where it is.'
          : `A shipment that is ${outcome.status} cannot become ${input.status}.`;
      const path = ['input', 'status'];
      return {
        shipment: null,
        userErrors: [{ __typename: 'ShipmentStatusTransitionError', message, path, status: outcome.status }],
      };
    }
    case 'invalid-input':
      return { shipment: null, userErrors: [invalidInput(outcome)] };
  }
};
