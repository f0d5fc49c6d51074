import { createViewerVerifier } from '@mercato/auth';
import { createSubgraphServer, type Subgraph } from '@mercato/subgraph-server';
import { testLogger, trustedKeys } from '@mercato/testkit';
import { parse } from 'graphql';
import type { KnownOrder } from '../src/domain/reconciliation/orders.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible", "@requiresScopes"])
  scalar DateTime
  scalar CountryCode
  enum OrderStatus { PENDING PLACED PARTIALLY_SHIPPED SHIPPED DELIVERED CANCELLED FAILED }
  type Query {
    ordersForReconciliation(ids: [ID!], placedAfter: DateTime, placedBefore: DateTime, first: Int = 200, after: String): OrdersForReconciliation
      @inaccessible @requiresScopes(scopes: [["service:inventory"]])
  }
  type OrdersForReconciliation @inaccessible { orders: [OrderForReconciliation!]! endCursor: String }
  type OrderForReconciliation @inaccessible { id: ID! status: OrderStatus! country: CountryCode lines: [OrderLineForReconciliation!]! }
  type OrderLineForReconciliation @inaccessible { sku: String! quantity: Int! }
`);

/**
 * A subgraph that answers, as checkout's contract with inventory says, from the orders a test puts in. The real one is
 * met in the journeys of the whole system.
 */
export function orderBook(): { subgraph: Subgraph; orders: Map<string, KnownOrder>; down: { is: boolean } } {
  const orders = new Map<string, KnownOrder>();
  const down = { is: false };
  const pageSize = 2;
  const resolvers = {
    Query: {
      ordersForReconciliation: (_parent: unknown, args: { ids?: string[] | null; after?: string | null }) => {
        if (down.is) throw new Error('The database of orders is away.');
        if (args.ids) return { orders: args.ids.flatMap((id) => orders.get(id) ?? []), endCursor: null };
        const all = [...orders.values()].filter(({ status }) => status !== 'PENDING');
        const start = Number(args.after ?? 0);
        const end = start + pageSize;
        return { orders: all.slice(start, end), endCursor: end < all.length ? String(end) : null };
      },
    },
  };
  const subgraph = createSubgraphServer({
    name: 'checkout',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('checkout', trustedKeys),
    logger: testLogger('checkout'),
    context: (call) => call,
    ready: async () => {},
    close: async () => {},
  });
  return { subgraph, orders, down };
}
