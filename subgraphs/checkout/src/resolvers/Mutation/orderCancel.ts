import { cancelOrder } from '../../domain/order/cancel.ts';
import type { OrderStatus } from '../../domain/order/status.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { orUnavailable, undecided } from '../unavailable.ts';
import { keyReused, notFound } from '../user-errors.ts';

export const orderCancel: MutationResolvers['orderCancel'] = async (_parent, { input }, context) => {
  const outcome = await orUnavailable(cancelOrder(context, input, context.viewer.id ?? context.viewer.kind));
  switch (outcome.kind) {
    case 'cancelled':
      return { order: outcome.order, userErrors: [] };
    case 'order-not-found':
      return { order: null, userErrors: [notFound('There is no such order.', ['orderId'])] };
    case 'key-reused':
      return { order: null, userErrors: [keyReused()] };
    case 'not-cancellable':
      return notCancellable(
        outcome.status,
        `An order that is ${outcome.status} cannot be cancelled; only one that is PLACED and of which nothing has left.`,
      );
    case 'parcel-left':
      return notCancellable(outcome.status, 'A parcel of this order has left; it can no longer be cancelled.');
    case 'undecided':
      throw undecided(
        'Shipping does not answer. As soon as it does the order is cancelled, unless a parcel has left: look at it again soon.',
      );
  }
};

const notCancellable = (status: OrderStatus, message: string) => ({
  order: null,
  userErrors: [{ __typename: 'OrderNotCancellableError' as const, message, path: ['input', 'orderId'], status }],
});
