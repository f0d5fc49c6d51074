import { SubgraphAnswerError, type SubgraphClient, SubgraphUnavailableError } from '@mercato/subgraph-client';

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

export type CallOffOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'left' }
  /** They may or may not have been called off. */
  | { readonly kind: 'unknown'; readonly reason: string };

interface CallOffAnswer {
  readonly shipmentsCancel: { readonly userErrors: readonly { readonly __typename: string }[] } | null;
}

const callOff = `mutation CallOff($input: ShipmentsCancelInput!) {
  shipmentsCancel(input: $input) { userErrors { __typename } }
}`;

/** Has shipping call off all parcels of an order, or none when one has left. May be repeated. */
export async function callOffParcels(
  subgraphs: SubgraphClient,
  orderId: string,
  timeoutMs: number,
): Promise<CallOffOutcome> {
  try {
    const { shipmentsCancel } = await subgraphs.request<CallOffAnswer>(
      'shipping',
      callOff,
      { input: { orderId } },
      { timeoutMs },
    );
    if (!shipmentsCancel) return { kind: 'unknown', reason: 'shipping gave no payload' };
    return shipmentsCancel.userErrors.length === 0 ? { kind: 'done' } : { kind: 'left' };
  } catch (error) {
    if (!(error instanceof SubgraphUnavailableError || error instanceof SubgraphAnswerError)) throw error;
    return { kind: 'unknown', reason: error.message };
  }
}
