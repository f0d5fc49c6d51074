import { SubgraphAnswerError, type SubgraphClient, SubgraphUnavailableError } from '@mercato/subgraph-client';
import { z } from 'zod';
import { type Orders, OrdersUnavailable } from './domain/reconciliation/orders.ts';

const page = z.object({
  ordersForReconciliation: z.object({
    orders: z.array(
      z.object({
        id: z.string(),
        status: z.string(),
        country: z.string().nullable(),
        lines: z.array(z.object({ sku: z.string(), quantity: z.number().int() })),
      }),
    ),
    endCursor: z.string().nullable(),
  }),
});

const query = `
  query OrdersForReconciliation($ids: [ID!], $placedAfter: DateTime, $placedBefore: DateTime, $first: Int, $after: String) {
    ordersForReconciliation(ids: $ids, placedAfter: $placedAfter, placedBefore: $placedBefore, first: $first, after: $after) {
      orders { id status country lines { sku quantity } }
      endCursor
    }
  }`;

const pageSize = 200;
const timeoutMs = 10_000;

/** Orders, as checkout tells of them. */
export function checkoutOrders(subgraphs: SubgraphClient): Orders {
  const ask = async (variables: Record<string, unknown>) => {
    try {
      const answer = await subgraphs.request<unknown>('checkout', query, variables, { timeoutMs });
      return page.parse(answer).ordersForReconciliation;
    } catch (error) {
      if (
        error instanceof SubgraphUnavailableError ||
        error instanceof SubgraphAnswerError ||
        error instanceof z.ZodError
      ) {
        throw new OrdersUnavailable('Checkout could not be asked for its orders.', { cause: error });
      }
      throw error;
    }
  };

  return {
    async byId(ids) {
      if (ids.length === 0) return new Map();
      const { orders } = await ask({ ids, first: ids.length });
      return new Map(orders.map((order) => [order.id, order]));
    },
    placedBetween: ({ after, before }, cursor) =>
      ask({ placedAfter: after.toISOString(), placedBefore: before.toISOString(), first: pageSize, after: cursor }),
  };
}
