import { randomBytes } from 'node:crypto';
import { z } from 'zod';

export const authorizationStatuses = [
  'requires_action',
  'authorized',
  'declined',
  'partially_captured',
  'captured',
  'voided',
] as const;
export type AuthorizationStatus = (typeof authorizationStatuses)[number];

export const declineCodes = [
  'card_declined',
  'insufficient_funds',
  'expired_card',
  'incorrect_cvc',
  'suspected_fraud',
  'authentication_failed',
] as const;
export type DeclineCode = (typeof declineCodes)[number];

/** Minor units: a string outside, since JSON's numbers end before a bank's; a bigint inside. */
const minorUnits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(BigInt);

const movement = z.object({ id: z.string(), amount: minorUnits });

/** A bank's promise of money, and what was taken of it and given back. The schema is the journal's. */
export const authorizationSchema = z.object({
  id: z.string(),
  status: z.enum(authorizationStatuses),
  amount: minorUnits,
  currency: z.string(),
  /** The merchant's own name for what is paid, such as an order's id. */
  reference: z.string(),
  idempotencyKey: z.string(),
  declineCode: z.enum(declineCodes).nullable(),
  /** Where the shopper goes after a step at the bank. */
  returnUrl: z.string().nullable(),
  captures: z.array(movement),
  refunds: z.array(movement),
  createdAt: z.string(),
});
export type Authorization = z.output<typeof authorizationSchema>;
export type Movement = z.output<typeof movement>;

/** A wish that the rules refuse; `status` is HTTP's. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 404 | 409 | 422;
  readonly code: string;
  readonly message: string;
}

export type Change = { readonly kind: 'changed'; readonly authorization: Authorization };
export type MovementMade = Change & { readonly movement: Movement };

export const refused = (status: Refusal['status'], code: string, message: string): Refusal => ({
  kind: 'refused',
  status,
  code,
  message,
});

export const total = (movements: readonly Movement[]): bigint =>
  movements.reduce((sum, { amount }) => sum + amount, 0n);

/** Unguessable: the page of a step at the bank is reached by it alone. */
export const newReference = (prefix: 'auth' | 'cap' | 're'): string => `${prefix}_${randomBytes(16).toString('hex')}`;

/** Takes money that was promised, all that is left of it unless an amount is given. */
export function capture(authorization: Authorization, amount: bigint | undefined): MovementMade | Refusal {
  const { status } = authorization;
  if (status !== 'authorized' && status !== 'partially_captured') {
    return refused(422, 'invalid_state', `An authorization that is ${status} cannot be captured.`);
  }
  const left = authorization.amount - total(authorization.captures);
  const taken = amount ?? left;
  if (taken > left)
    return refused(422, 'amount_too_large', `Only ${left} of ${authorization.amount} is left to capture.`);

  const movement = { id: newReference('cap'), amount: taken };
  return {
    kind: 'changed',
    movement,
    authorization: {
      ...authorization,
      status: taken === left ? 'captured' : 'partially_captured',
      captures: [...authorization.captures, movement],
    },
  };
}

/** Gives back money that was taken, all that is left of it unless an amount is given. */
export function refund(authorization: Authorization, amount: bigint | undefined): MovementMade | Refusal {
  const left = total(authorization.captures) - total(authorization.refunds);
  if (left === 0n) return refused(422, 'invalid_state', 'Nothing that was captured is left to refund.');
  const given = amount ?? left;
  if (given > left) return refused(422, 'amount_too_large', `Only ${left} is left to refund.`);

  const movement = { id: newReference('re'), amount: given };
  return {
    kind: 'changed',
    movement,
    authorization: { ...authorization, refunds: [...authorization.refunds, movement] },
  };
}

/** Lets the promise go; again and again is the same as once. */
export function letGo(authorization: Authorization): Change | Refusal {
  switch (authorization.status) {
    case 'voided':
    case 'authorized':
    case 'requires_action':
      return { kind: 'changed', authorization: { ...authorization, status: 'voided' } };
    default:
      return refused(422, 'invalid_state', `An authorization that is ${authorization.status} cannot be voided.`);
  }
}
