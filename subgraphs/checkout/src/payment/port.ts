import type { Money } from '@mercato/money';

/** Who can move money, by the schema's names. */
export type PaymentProviderName = 'SANDBOX' | 'STRIPE';

/** Why a payment was refused, in the schema's words, which all providers are translated to. */
export type PaymentDeclineCode =
  | 'GENERIC'
  | 'INSUFFICIENT_FUNDS'
  | 'EXPIRED_CARD'
  | 'INCORRECT_DETAILS'
  | 'AUTHENTICATION_FAILED'
  | 'SUSPECTED_FRAUD';

export interface AuthorizeRequest {
  /** One per attempt to pay; the same key asks for the same attempt. */
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly amount: Money;
  /** What the provider's own form gave for the card. Never logged; kept only sealed, and only while an order is placed. */
  readonly token: string;
  /** Where the shopper comes back to after a step at the bank. */
  readonly returnUrl: string | null;
}

/** What became of an attempt, as far as the provider's answer makes it certain. */
export type AuthorizeOutcome =
  | { readonly kind: 'authorized'; readonly providerReference: string }
  | { readonly kind: 'declined'; readonly code: PaymentDeclineCode }
  | { readonly kind: 'action-required'; readonly actionUrl: string; readonly providerReference: string }
  /** The order was cancelled with the provider: nothing is held, and nothing will be. */
  | { readonly kind: 'cancelled' }
  /** It may or may not have happened: look it up, or cancel the order; never take it for either. */
  | Unknown;

/**
 * `not-found` says that no such attempt has arrived; one that is still on its way may yet. Only `cancel` makes sure that
 * it finds a closed door.
 */
export type LookupOutcome = AuthorizeOutcome | { readonly kind: 'not-found' };

export type CancelOutcome =
  | { readonly kind: 'done' }
  /** Money was taken already and nothing was changed: refund it instead. */
  | { readonly kind: 'captured' }
  | Unknown;

/** To move money of an authorization, or a part of it. */
export interface MovementRequest {
  readonly idempotencyKey: string;
  readonly providerReference: string;
  readonly amount: Money;
}

export type MovementOutcome =
  | { readonly kind: 'done'; readonly movementReference: string }
  /** Certain not to have happened, such as more than is left. `reason` is for staff and logs. */
  | { readonly kind: 'refused'; readonly reason: string }
  | Unknown;

/** `reason` is for staff and logs. It holds no secret. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: string;
}

/**
 * Moves money at a card processor. Every call may be repeated: with the same key, or for the same order, it happens
 * once. Trouble on the way is an outcome; what throws is a bug of the caller.
 */
export interface PaymentProvider {
  /** Asks the bank to promise the money. */
  authorize(request: AuthorizeRequest): Promise<AuthorizeOutcome>;
  /** What became of an attempt whose answer was lost, or of a step at the bank. */
  lookup(idempotencyKey: string): Promise<LookupOutcome>;
  /** Lets go of everything promised for an order, and has the provider refuse whatever still arrives for it. */
  cancel(request: { readonly orderId: string }): Promise<CancelOutcome>;
  /** Takes money that was promised. */
  capture(request: MovementRequest): Promise<MovementOutcome>;
  /** Gives back money that was taken. */
  refund(request: MovementRequest): Promise<MovementOutcome>;
  /** Closes connections once calls under way have ended. */
  close(): Promise<void>;
}
