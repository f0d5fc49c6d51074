import type { PaymentDeclineCode } from '../../payment/index.ts';

/** Whether a placement goes forward, waits for the shopper, goes back, or has ended. */
export type PlacementState =
  | 'RUNNING'
  | 'AWAITING_ACTION'
  | 'UNDOING'
  | 'PLACED'
  | 'FAILED'
  | 'CANCELLING'
  | 'CANCELLED';

/**
 * What is to be done next. Going back undoes payment, then stock: what is undone last is given to others. A placed order
 * goes back only after its parcels were called off.
 */
export type PlacementStep =
  | 'RESERVE'
  | 'AUTHORIZE'
  | 'CONFIRM'
  | 'CANCEL_SHIPMENTS'
  | 'CANCEL_PAYMENT'
  | 'RELEASE_STOCK';

/** Why an order is not placed, as it is kept and as the shopper is told. */
export type Refusal =
  | {
      readonly kind: 'insufficient-stock';
      readonly sku: string;
      readonly requested: number;
      readonly available: number;
    }
  | { readonly kind: 'payment-declined'; readonly code: PaymentDeclineCode }
  /** The shopper took another way to pay, or did not take the step at the bank in time. */
  | { readonly kind: 'abandoned' }
  /** It could not be made certain in time; nothing was charged. */
  | { readonly kind: 'not-completed' };

/** How a step ended. `unknown` is neither done nor refused: it is asked again, never undone blindly. */
export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'action-required' }
  /** A parcel has left: the order that was to be cancelled stays placed. */
  | { readonly kind: 'too-late' }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Position {
  readonly state: PlacementState;
  readonly step: PlacementStep;
}

/** Nothing is left to do. */
export const hasEnded = ({ state }: { readonly state: PlacementState }): boolean =>
  state === 'PLACED' || state === 'FAILED' || state === 'CANCELLED';

/**
 * Where a placement goes from a step's result. Each step has its undo: RESERVE has RELEASE_STOCK, AUTHORIZE has
 * CANCEL_PAYMENT; CONFIRM is undone by both. A refusal goes back through all that may have happened.
 */
export function next(
  { state, step }: Position,
  result: StepResult,
  { needsPayment }: { readonly needsPayment: boolean },
): Position {
  if (result.kind === 'unknown') return { state, step };
  if (result.kind === 'action-required') {
    if (step !== 'AUTHORIZE') throw new Error(`${step} cannot ask for a step at the bank.`);
    return { state: 'AWAITING_ACTION', step };
  }
  if (result.kind === 'too-late') {
    if (step !== 'CANCEL_SHIPMENTS') throw new Error(`${step} is never too late.`);
    return { state: 'PLACED', step: 'CONFIRM' };
  }
  if (result.kind === 'refused') {
    if (state !== 'RUNNING' && state !== 'AWAITING_ACTION')
      throw new Error(`${step} cannot be refused while ${state}.`);
    return { state: 'UNDOING', step: undoFrom(step, result.refusal, needsPayment) };
  }
  switch (step) {
    case 'RESERVE':
      return { state: 'RUNNING', step: needsPayment ? 'AUTHORIZE' : 'CONFIRM' };
    case 'AUTHORIZE':
      return { state: 'RUNNING', step: 'CONFIRM' };
    case 'CONFIRM':
      return { state: 'PLACED', step };
    case 'CANCEL_SHIPMENTS':
      return { state, step: needsPayment ? 'CANCEL_PAYMENT' : 'RELEASE_STOCK' };
    case 'CANCEL_PAYMENT':
      return { state, step: 'RELEASE_STOCK' };
    case 'RELEASE_STOCK':
      return { state: state === 'CANCELLING' ? 'CANCELLED' : 'FAILED', step };
  }
}

function undoFrom(step: PlacementStep, refusal: Refusal, needsPayment: boolean): PlacementStep {
  const nothingPromised = step === 'RESERVE' || refusal.kind === 'payment-declined' || !needsPayment;
  return nothingPromised ? 'RELEASE_STOCK' : 'CANCEL_PAYMENT';
}
