/**
 * The one list of subgraphs: what the graph is composed of, what the launcher starts, where the processes topology
 * finds each, and who hears of whose events. A new domain is a line here and a folder in `subgraphs/`.
 */
export interface SubgraphEntry {
  readonly name: string;
  /** Port of the processes topology, counted from the router's. */
  readonly portOffset: number;
  /** Events it hears of, by name; its worker has a handler for each. */
  readonly hears: readonly string[];
  /** Whether it keeps a Postgres database of its own name. */
  readonly hasDatabase: boolean;
  /** Queues of its jobs beside the one of its own name. */
  readonly furtherQueues?: readonly string[];
}

export const subgraphs = [
  {
    name: 'products',
    portOffset: 1,
    hasDatabase: true,
    furtherQueues: ['products-import', 'products-media'],
    hears: ['availability.changed'],
  },
  {
    name: 'inventory',
    portOffset: 2,
    hasDatabase: true,
    furtherQueues: ['inventory-reconciliation'],
    hears: ['product.created', 'product.updated', 'openingStock.imported', 'shipment.dispatched', 'order.cancelled'],
  },
  { name: 'cart', portOffset: 3, hasDatabase: true, hears: ['product.created', 'product.updated', 'order.placed'] },
  {
    name: 'checkout',
    portOffset: 4,
    hasDatabase: true,
    furtherQueues: ['checkout-saga'],
    hears: ['shipment.dispatched', 'shipment.delivered'],
  },
  { name: 'shipping', portOffset: 5, hasDatabase: true, hears: ['order.placed', 'order.cancelled'] },
  { name: 'content', portOffset: 6, hasDatabase: false, hears: [] },
] as const satisfies readonly SubgraphEntry[];

export type SubgraphName = (typeof subgraphs)[number]['name'];

/** Which domains hear of each event. */
export const eventRoutes: Readonly<Record<string, readonly SubgraphName[]>> = (() => {
  const routes: Record<string, SubgraphName[]> = {};
  for (const { name, hears } of subgraphs) for (const event of hears) routes[event] = [...(routes[event] ?? []), name];
  return routes;
})();

/** Every queue that a worker works on. */
export const queueNames: readonly string[] = subgraphs.flatMap((subgraph: SubgraphEntry) =>
  subgraph.hasDatabase ? [subgraph.name, ...(subgraph.furtherQueues ?? [])] : [],
);
