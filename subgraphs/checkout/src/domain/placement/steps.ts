import type { SubgraphClient } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { AuthorizeOutcome, PaymentProvider, PaymentProviders } from '../../payment/index.ts';
import type { CheckoutSettings } from '../../settings.ts';
import { findShortage } from '../checkout/availability.ts';
import type { PaymentStatus } from '../order/details.ts';
import type { TimelineEntry } from '../order/timeline.ts';
import type { Allocation, Placement, PlacementPayment } from './placement.ts';
import type { TokenSeal } from './sealed-token.ts';
import type { Stock, StockOutcome } from './stock.ts';
import type { PlacementStep, Refusal, StepResult } from './transitions.ts';

/** A step's result with what is to be written down of it. */
export interface StepReport {
  readonly result: StepResult;
  readonly allocations?: readonly Allocation[];
  readonly holdExpiresAt?: Date;
  readonly payment?: {
    readonly status: PaymentStatus;
    readonly providerReference?: string;
    readonly declineCode?: string;
  };
  readonly actionUrl?: string;
  readonly timeline?: TimelineEntry;
}

export interface StepParts {
  readonly stock: Stock;
  readonly payments: PaymentProviders;
  readonly seal: TokenSeal;
  readonly subgraphs: SubgraphClient;
  readonly settings: CheckoutSettings;
  readonly logger: Logger;
}

/** What each step does. None writes here; every one may be repeated. */
export const steps: Readonly<Record<PlacementStep, (placement: Placement, parts: StepParts) => Promise<StepReport>>> = {
  RESERVE: reserve,
  AUTHORIZE: authorize,
  CONFIRM: confirm,
  CANCEL_PAYMENT: cancelPayment,
  RELEASE_STOCK: releaseStock,
};

const done: StepResult = { kind: 'done' };
const refused = (refusal: Refusal): StepResult => ({ kind: 'refused', refusal });
const isLate = ({ deadline }: Placement): boolean => deadline.getTime() <= Date.now();
const entry = (kind: TimelineEntry['kind'], message: string, actor = 'checkout'): TimelineEntry => ({
  kind,
  message,
  actor,
});

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

/**
 * An attempt that may have been made is looked up first. One the provider has not heard of is made again with the same
 * key, while there is time; after that the refusal leads to a cancel, which closes the door on what may be under way.
 */
async function authorize(placement: Placement, parts: StepParts): Promise<StepReport> {
  const payment = paymentOf(placement);
  const provider = providerOf(payment, parts.payments);
  if (!placement.isRepeat) return reportOf(placement, await ask(placement, payment, provider, parts.seal));

  const held = await extendHold(placement, parts);
  if (held?.result.kind === 'refused') return held;
  const found = await provider.lookup(payment.id);
  if (found.kind !== 'not-found') return { ...held, ...reportOf(placement, found) };
  if (isLate(placement) || payment.sealedToken === null) return { ...held, result: refused({ kind: 'not-completed' }) };
  return { ...held, ...reportOf(placement, await ask(placement, payment, provider, parts.seal)) };
}

function ask(
  placement: Placement,
  payment: PlacementPayment,
  provider: PaymentProvider,
  seal: TokenSeal,
): Promise<AuthorizeOutcome> {
  const { orderId, total } = placement;
  if (payment.sealedToken === null) throw new Error(`The card's token of ${orderId} is gone before it was used.`);
  return provider.authorize({
    idempotencyKey: payment.id,
    orderId,
    amount: total,
    token: seal.open(payment.sealedToken, orderId),
    returnUrl: payment.returnUrl,
  });
}

function reportOf(placement: Placement, outcome: AuthorizeOutcome): StepReport {
  switch (outcome.kind) {
    case 'authorized':
      return {
        result: done,
        payment: { status: 'AUTHORIZED', providerReference: outcome.providerReference },
        timeline: entry('PAYMENT_AUTHORIZED', 'The payment was authorized.', 'payment provider'),
      };
    case 'declined':
      return {
        result: refused({ kind: 'payment-declined', code: outcome.code }),
        payment: { status: 'DECLINED', declineCode: outcome.code },
        timeline: entry('PAYMENT_DECLINED', `The payment was declined: ${outcome.code}.`, 'payment provider'),
      };
    case 'action-required': {
      const { providerReference, actionUrl } = outcome;
      if (isLate(placement))
        return { result: refused({ kind: 'abandoned' }), payment: { status: 'ACTION_REQUIRED', providerReference } };
      return {
        result: { kind: 'action-required' },
        payment: { status: 'ACTION_REQUIRED', providerReference },
        actionUrl,
        ...(placement.state === 'AWAITING_ACTION'
          ? {}
          : { timeline: entry('NOTE', 'The shopper has a step to take at the bank.', 'payment provider') }),
      };
    }
    case 'cancelled':
      return { result: refused({ kind: 'not-completed' }), payment: { status: 'VOIDED' } };
    case 'unknown':
      return { result: outcome };
  }
}

/** Keeps the stock as long as the payment is not certain; that inventory is away does not keep from asking. */
async function extendHold(placement: Placement, { stock, settings }: StepParts): Promise<StepReport | undefined> {
  const { holdExpiresAt } = placement;
  if (holdExpiresAt && holdExpiresAt.getTime() > Date.now() + settings.holdMs / 2) return undefined;
  const until = new Date(Date.now() + settings.holdMs);
  const outcome = await stock.reserve(placement, until);
  switch (outcome.kind) {
    case 'done':
      return { result: done, allocations: outcome.allocations, holdExpiresAt: until };
    case 'insufficient':
      return { result: refused({ ...outcome, kind: 'insufficient-stock' }) };
    case 'gone':
      return { result: refused({ kind: 'not-completed' }) };
    case 'unknown':
      return undefined;
  }
}

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

async function cancelPayment(placement: Placement, { payments }: StepParts): Promise<StepReport> {
  const payment = placement.payment;
  if (!payment) return { result: done };
  const outcome = await providerOf(payment, payments).cancel({ orderId: placement.orderId });
  if (outcome.kind === 'done') return { result: done, payment: { status: 'VOIDED' } };
  if (outcome.kind === 'unknown') return { result: outcome };
  return {
    result: { kind: 'unknown', reason: 'the money was taken already; staff must give it back at the provider' },
  };
}

async function releaseStock({ orderId, state }: Placement, { stock }: StepParts): Promise<StepReport> {
  const outcome = await stock.release(
    orderId,
    state === 'CANCELLING' ? 'The order was cancelled' : 'The order was not placed',
  );
  return { result: outcome };
}

function paymentOf({ orderId, payment }: Placement): PlacementPayment {
  if (!payment) throw new Error(`The order ${orderId} is to be paid and has no payment.`);
  return payment;
}

function providerOf({ provider }: PlacementPayment, payments: PaymentProviders): PaymentProvider {
  if (provider !== 'SANDBOX' && provider !== 'STRIPE') throw new Error(`${provider} is no payment provider.`);
  const choice = payments.choose(provider);
  if (choice.kind !== 'ok') throw new Error(choice.message);
  return choice.provider;
}
