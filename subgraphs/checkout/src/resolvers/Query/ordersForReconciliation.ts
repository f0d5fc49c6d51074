import { GraphQLError } from 'graphql';
import * as reconciliation from '../../domain/order/reconciliation.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const ordersForReconciliation: QueryResolvers['ordersForReconciliation'] = async (_parent, question, { db }) => {
  const answer = await reconciliation.ordersForReconciliation(db, { ...question, first: question.first ?? 200 });
  if (answer.kind === 'page') {
    const orders = answer.orders.map((order) => ({ ...order, lines: [...order.lines] }));
    return { orders, endCursor: answer.endCursor };
  }
  throw new GraphQLError(answer.message, { extensions: { code: 'BAD_USER_INPUT' } });
};
