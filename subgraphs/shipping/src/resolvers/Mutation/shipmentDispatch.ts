import { dispatchShipment } from '../../domain/shipments/dispatch.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput, shipmentNotFound } from '../user-errors.ts';

export const shipmentDispatch: MutationResolvers['shipmentDispatch'] = async (_parent, { input }, { db, viewer }) => {
  const outcome = await dispatchShipment(db, input, viewer.id ?? viewer.kind);
  switch (outcome.kind) {
    case 'dispatched':
      return { shipment: outcome.shipment, userErrors: [] };
    case 'not-found':
      return { shipment: null, userErrors: [shipmentNotFound()] };
    case 'not-dispatchable': {
      const message = `A shipment leaves once, while it is PENDING; this one is ${outcome.status}.`;
      const path = ['input', 'shipmentId'];
      return {
        shipment: null,
        userErrors: [{ __typename: 'ShipmentNotDispatchableError', message, path, status: outcome.status }],
      };
    }
    case 'invalid-input':
      return { shipment: null, userErrors: [invalidInput(outcome)] };
    case 'key-reused': {
      const message = 'This idempotencyKey was used with another input; use a new key for a new call.';
      const path = ['input', 'idempotencyKey'];
      return { shipment: null, userErrors: [{ __typename: 'IdempotencyKeyReusedError', message, path }] };
    }
  }
};
