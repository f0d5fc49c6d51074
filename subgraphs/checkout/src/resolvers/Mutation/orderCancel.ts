import { cancelOrder } from '../../domain/order/cancel.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { keyReused, notFound } from '../user-errors.ts';

export const orderCancel: MutationResolvers['orderCancel'] = async (_parent, { input }, context) => {
  const outcome = await cancelOrder(context, input, context.viewer.id ?? context.viewer.kind);
  switch (outcome.kind) {
    case 'cancelled':
      return { order: outcome.order, userErrors: [] };
    case 'order-not-found':
      return { order: null, userErrors: [notFound('There is no such order.', ['orderId'])] };
    case 'key-reused':
      return { order: null, userErrors: [keyReused()] };
    case 'not-cancellable': {
      const { status } = outcome;
      const message = `An order that is ${status} cannot be cancelled; only one that is PLACED and of which nothing has left.`;
      const path = ['input', 'orderId'];
      return { order: null, userErrors: [{ __typename: 'OrderNotCancellableError', message, path, status }] };
    }
  }
};
