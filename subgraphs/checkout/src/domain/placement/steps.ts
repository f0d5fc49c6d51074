import { findShortage } from '../checkout/availability.ts';
import { callOffParcels } from '../order/parcels.ts';
import { authorize, cancelPayment } from './payment-steps.ts';
import type { Allocation, Placement } from './placement.ts';
import { done, entry, isLate, refused, type Step, type StepParts, type StepReport } from './step-report.ts';
import type { StockOutcome } from './stock.ts';
import type { PlacementStep, Refusal } from './transitions.ts';

/** What each step does. None writes here; every one may be repeated. */
export const steps: Readonly<Record<PlacementStep, Step>> = {
  RESERVE: reserve,
  AUTHORIZE: authorize,
  CONFIRM: confirm,
  CANCEL_SHIPMENTS: cancelShipments,
  CANCEL_PAYMENT: cancelPayment,
  RELEASE_STOCK: releaseStock,
};

async function reserve(placement: Placement, { stock, settings }: StepParts): Promise<StepReport> {
  if (isLate(placement)) return { result: refused({ kind: 'not-completed' }) };
  const holdExpiresAt = new Date(Date.now() + settings.holdMs);
  const outcome = await stock.reserve(placement, holdExpiresAt);
  switch (outcome.kind) {
    case 'done':
      return {
        result: done,
        allocations: outcome.allocations,
        holdExpiresAt,
        timeline: entry('STOCK_RESERVED', `Stock was reserved: ${inWords(outcome.allocations)}.`, 'inventory'),
      };
    case 'insufficient': {
      const { sku, requested, available } = outcome;
      return { result: refused({ kind: 'insufficient-stock', sku, requested, available }) };
    }
    case 'gone':
      return { result: refused({ kind: 'not-completed' }) };
    case 'unknown':
      return { result: outcome };
  }
}

const inWords = (allocations: readonly Allocation[]): string =>
  allocations.map(({ sku, quantity, warehouse }) => `${quantity} × ${sku} in ${warehouse}`).join(', ');

async function confirm(placement: Placement, parts: StepParts): Promise<StepReport> {
  const outcome: StockOutcome = await parts.stock.confirm(placement.orderId);
  switch (outcome.kind) {
    case 'done':
      return { result: done, allocations: outcome.allocations };
    case 'unknown':
      return { result: outcome };
    default:
      return { result: refused(await shortageOf(placement, parts)) };
  }
}

/** Which line is short, now that the hold has lapsed and the stock went to others. */
async function shortageOf({ lines }: Placement, { subgraphs, logger, settings }: StepParts): Promise<Refusal> {
  const shortage = await findShortage({ subgraphs, logger, timeoutMs: settings.callTimeoutMs }, lines);
  const [first] = lines;
  return (
    shortage ?? { kind: 'insufficient-stock', sku: first?.sku ?? '', requested: first?.quantity ?? 0, available: 0 }
  );
}

/** The instant at which it is decided whether a placed order can be cancelled. */
async function cancelShipments({ orderId }: Placement, { subgraphs, settings }: StepParts): Promise<StepReport> {
  const outcome = await callOffParcels(subgraphs, orderId, settings.callTimeoutMs);
  switch (outcome.kind) {
    case 'done':
      return { result: done };
    case 'left':
      return {
        result: { kind: 'too-late' },
        timeline: entry('NOTE', 'The order was to be cancelled, but a parcel had left: it stays placed.', 'shipping'),
      };
    case 'unknown':
      return { result: outcome };
  }
}

async function releaseStock({ orderId, state }: Placement, { stock }: StepParts): Promise<StepReport> {
  const outcome = await stock.release(
    orderId,
    state === 'CANCELLING' ? 'The order was cancelled' : 'The order was not placed',
  );
  return { result: outcome };
}
