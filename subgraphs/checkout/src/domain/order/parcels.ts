import type { SubgraphClient } from '@mercato/subgraph-client';

interface Answer {
  readonly _entities: readonly ({ readonly shipments: readonly { readonly status: string }[] | null } | null)[];
}

const query = `query Parcels($order: [_Any!]!) {
  _entities(representations: $order) { ... on Order { shipments { status } } }
}`;

/** Statuses of parcels that are still in the house; all others have left it, or did. */
const inTheHouse: readonly string[] = ['PENDING', 'CANCELLED'];

/**
 * Whether shipping has handed over a parcel of the order, which it may know before it is heard of here.
 * @throws SubgraphUnavailableError, SubgraphAnswerError
 */
export async function hasParcelLeft(subgraphs: SubgraphClient, orderId: string, timeoutMs: number): Promise<boolean> {
  const order = [{ __typename: 'Order', id: orderId }];
  const { _entities } = await subgraphs.request<Answer>('shipping', query, { order }, { timeoutMs });
  return (_entities[0]?.shipments ?? []).some(({ status }) => !inTheHouse.includes(status));
}
