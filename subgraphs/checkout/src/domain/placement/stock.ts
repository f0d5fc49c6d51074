import { SubgraphAnswerError, type SubgraphClient, SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Allocation } from './placement.ts';

interface StockUserError {
  readonly __typename: string;
  readonly message: string;
  readonly sku?: string;
  readonly requested?: number;
  readonly available?: number;
}
interface Payload {
  readonly reservation: {
    readonly lines: readonly {
      readonly sku: string;
      readonly quantity: number;
      readonly warehouse: { readonly code: string };
    }[];
  } | null;
  readonly userErrors: readonly StockUserError[];
}

export type StockOutcome =
  | { readonly kind: 'done'; readonly allocations: readonly Allocation[] }
  | { readonly kind: 'insufficient'; readonly sku: string; readonly requested: number; readonly available: number }
  /** The order's reservation was given back, or lapsed and its stock is gone. */
  | { readonly kind: 'gone' }
  /** Neither done nor refused, as far as can be told from here. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface StockOrder {
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly country: string;
}

/** Inventory as a placement needs it. Each call may be repeated: an order has one reservation. */
export interface Stock {
  /** Holds all lines until the instant, or extends the hold there is. */
  reserve(order: StockOrder, until: Date): Promise<StockOutcome>;
  /** Makes the hold firm; one that lapsed is held anew where stock allows. */
  confirm(orderId: string): Promise<StockOutcome>;
  /** Gives back what there is, and has a late reserve refused. Goods that have left are nothing to give back. */
  release(
    orderId: string,
    reason: string,
  ): Promise<{ readonly kind: 'done' } | Extract<StockOutcome, { kind: 'unknown' }>>;
}

const reservation = 'reservation { lines { sku quantity warehouse { code } } }';
const reserveMutation = `mutation Reserve($input: StockReserveInput!) { stockReserve(input: $input) { ${reservation}
  userErrors { __typename ... on UserError { message } ... on InsufficientStockError { sku requested available } ... on UnknownSkuError { sku } } } }`;
const confirmMutation = `mutation Confirm($input: StockReservationConfirmInput!) { stockReservationConfirm(input: $input) {
  ${reservation} userErrors { __typename ... on UserError { message } } } }`;
const releaseMutation = `mutation Release($input: StockReservationReleaseInput!) { stockReservationRelease(input: $input) {
  userErrors { __typename ... on UserError { message } } } }`;

export function stockAt(subgraphs: SubgraphClient, timeoutMs: number): Stock {
  const ask = async (
    query: string,
    input: Record<string, unknown>,
  ): Promise<Payload | { kind: 'unknown'; reason: string }> => {
    try {
      const data = await subgraphs.request<Record<string, Payload>>('inventory', query, { input }, { timeoutMs });
      const [payload] = Object.values(data);
      if (!payload) return { kind: 'unknown', reason: 'inventory gave no payload' };
      return payload;
    } catch (error) {
      // Even a call that surely never arrived is asked again: the order waits rather than fail for an outage.
      if (error instanceof SubgraphUnavailableError || error instanceof SubgraphAnswerError) {
        return { kind: 'unknown', reason: error.message };
      }
      throw error;
    }
  };

  return {
    async reserve({ orderId, lines, country }, until) {
      const payload = await ask(reserveMutation, { orderId, lines, country, expiresAt: until.toISOString() });
      return 'kind' in payload ? payload : outcomeOf(payload, lines);
    },
    async confirm(orderId) {
      const payload = await ask(confirmMutation, { orderId });
      return 'kind' in payload ? payload : outcomeOf(payload, []);
    },
    async release(orderId, reason) {
      const payload = await ask(releaseMutation, { orderId, reason });
      if ('kind' in payload) return payload;
      const [problem] = payload.userErrors;
      // An order's id is never invalid: what inventory refuses in these words is to take back what has left.
      if (!problem || problem.__typename === 'InvalidInputError') return { kind: 'done' };
      return { kind: 'unknown', reason: problem.message };
    },
  };
}

function outcomeOf({ reservation, userErrors }: Payload, wanted: StockOrder['lines']): StockOutcome {
  const [problem] = userErrors;
  if (!problem && reservation) {
    const allocations = reservation.lines.map(({ sku, quantity, warehouse }) => ({
      sku,
      quantity,
      warehouse: warehouse.code,
    }));
    return { kind: 'done', allocations };
  }
  const { sku = '', requested, available = 0 } = problem ?? {};
  switch (problem?.__typename) {
    case 'InsufficientStockError':
    case 'UnknownSkuError': {
      const units =
        requested ?? wanted.filter((line) => line.sku === sku).reduce((sum, line) => sum + line.quantity, 0);
      return { kind: 'insufficient', sku, requested: units, available };
    }
    case 'ReservationReleasedError':
    case 'NotFoundError':
      return { kind: 'gone' };
    default:
      throw new Error(`Inventory took a reservation for wrong: ${problem?.message ?? 'no reservation and no error'}`);
  }
}
