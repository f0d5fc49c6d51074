import type { DeclineCode } from './authorization.ts';

/** What a test card does. */
export interface TokenBehaviour {
  readonly outcome: { readonly status: 'authorized' | 'requires_action' } | { readonly declineCode: DeclineCode };
  /** How the answer of a new authorization travels: at once, late, or never; what was decided holds all the same. */
  readonly answer?: 'slow' | 'lost';
  /** How the first tries with a key fail, before anything is decided. */
  readonly faults?: { readonly kind: 'error-500' | 'lost'; readonly tries: number };
}

const approves = { status: 'authorized' } as const;

export const tokens: ReadonlyMap<string, TokenBehaviour> = new Map<string, TokenBehaviour>([
  ['tok_visa', { outcome: approves }],
  ['tok_declined', { outcome: { declineCode: 'card_declined' } }],
  ['tok_insufficient_funds', { outcome: { declineCode: 'insufficient_funds' } }],
  ['tok_expired_card', { outcome: { declineCode: 'expired_card' } }],
  ['tok_incorrect_cvc', { outcome: { declineCode: 'incorrect_cvc' } }],
  ['tok_fraud', { outcome: { declineCode: 'suspected_fraud' } }],
  ['tok_3ds', { outcome: { status: 'requires_action' } }],
  ['tok_slow', { outcome: approves, answer: 'slow' }],
  ['tok_timeout_then_charged', { outcome: approves, answer: 'lost' }],
  ['tok_timeout_not_charged', { outcome: approves, faults: { kind: 'lost', tries: 1 } }],
  ['tok_error_500', { outcome: approves, faults: { kind: 'error-500', tries: 2 } }],
]);
