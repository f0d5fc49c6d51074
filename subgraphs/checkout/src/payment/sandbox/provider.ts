import type {
  AuthorizeOutcome,
  AuthorizeRequest,
  CancelOutcome,
  LookupOutcome,
  MovementOutcome,
  MovementRequest,
  PaymentDeclineCode,
  PaymentProvider,
} from '../port.ts';
import { type CallResult, SandboxClient, type SandboxClientOptions } from './client.ts';
import {
  type AuthorizationAnswer,
  authorizationAnswer,
  authorizationsAnswer,
  cancelAnswer,
  captureAnswer,
  refundAnswer,
} from './protocol.ts';

/** Payments at the sandbox processor (`payment-sandbox/README.md` has its protocol and tokens). */
export function sandboxProvider(options: SandboxClientOptions): PaymentProvider {
  const client = new SandboxClient(options);
  return {
    authorize: (request) => authorize(client, request),
    lookup: (idempotencyKey) => lookup(client, idempotencyKey),
    cancel: (request) => cancel(client, request.orderId),
    capture: async (request) =>
      movement(await client.call({ ...move(request, 'capture'), answer: captureAnswer }), ({ capture }) => capture.id),
    refund: async (request) =>
      movement(await client.call({ ...move(request, 'refund'), answer: refundAnswer }), ({ refund }) => refund.id),
    close: () => client.close(),
  };
}

async function authorize(client: SandboxClient, request: AuthorizeRequest): Promise<AuthorizeOutcome> {
  const { idempotencyKey, orderId, amount, token, returnUrl } = request;
  const result = await client.call({
    what: 'authorize',
    method: 'POST',
    path: '/v1/authorizations',
    idempotencyKey,
    body: { amount: amount.amount.toString(), currency: amount.currency, token, reference: orderId, returnUrl },
    answer: authorizationAnswer,
  });
  if (result.kind === 'answer') return outcomeOf(result.answer);
  if (result.kind === 'unknown') return result;

  switch (result.code) {
    case 'reference_cancelled':
      return { kind: 'cancelled' };
    case 'unknown_token':
      return { kind: 'declined', code: 'INCORRECT_DETAILS' };
    default:
      throw refusedAsABug(result);
  }
}

async function lookup(client: SandboxClient, idempotencyKey: string): Promise<LookupOutcome> {
  const query = new URLSearchParams({ idempotencyKey });
  const result = await client.call({
    what: 'look up',
    method: 'GET',
    path: `/v1/authorizations?${query}`,
    answer: authorizationsAnswer,
  });
  if (result.kind === 'unknown') return result;
  if (result.kind === 'refused') throw refusedAsABug(result);

  const [found] = result.answer.data;
  return found === undefined ? { kind: 'not-found' } : outcomeOf(found);
}

async function cancel(client: SandboxClient, orderId: string): Promise<CancelOutcome> {
  const result = await client.call({
    what: 'cancel',
    method: 'POST',
    path: `/v1/references/${encodeURIComponent(orderId)}/cancel`,
    answer: cancelAnswer,
  });
  if (result.kind === 'answer') return { kind: 'done' };
  if (result.kind === 'unknown') return result;
  if (result.code === 'already_captured') return { kind: 'captured' };
  throw refusedAsABug(result);
}

function move({ idempotencyKey, providerReference, amount }: MovementRequest, what: 'capture' | 'refund') {
  return {
    what,
    method: 'POST' as const,
    path: `/v1/authorizations/${encodeURIComponent(providerReference)}/${what === 'refund' ? 'refunds' : what}`,
    idempotencyKey,
    body: { amount: amount.amount.toString() },
  };
}

function movement<Answer>(result: CallResult<Answer>, referenceOf: (answer: Answer) => string): MovementOutcome {
  if (result.kind === 'answer') return { kind: 'done', movementReference: referenceOf(result.answer) };
  if (result.kind === 'unknown') return result;
  // The state of the payment forbids it; anything else is a request that should not have been made.
  if (result.status === 422) return { kind: 'refused', reason: result.message };
  throw refusedAsABug(result);
}

function outcomeOf({ id, status, declineCode, actionUrl }: AuthorizationAnswer): AuthorizeOutcome {
  switch (status) {
    case 'authorized':
    case 'partially_captured':
    case 'captured':
      return { kind: 'authorized', providerReference: id };
    case 'declined':
      return { kind: 'declined', code: declineCodes.get(declineCode ?? '') ?? 'GENERIC' };
    case 'voided':
      return { kind: 'cancelled' };
    case 'requires_action':
      return actionUrl === null
        ? { kind: 'unknown', reason: 'the processor wants a step but does not say where' }
        : { kind: 'action-required', actionUrl, providerReference: id };
  }
}

const declineCodes: ReadonlyMap<string, PaymentDeclineCode> = new Map([
  ['card_declined', 'GENERIC'],
  ['insufficient_funds', 'INSUFFICIENT_FUNDS'],
  ['expired_card', 'EXPIRED_CARD'],
  ['incorrect_cvc', 'INCORRECT_DETAILS'],
  ['authentication_failed', 'AUTHENTICATION_FAILED'],
  ['suspected_fraud', 'SUSPECTED_FRAUD'],
]);

function refusedAsABug({ status, code, message }: Extract<CallResult<never>, { kind: 'refused' }>): Error {
  return new Error(`The payment processor takes the request for wrong: ${status} ${code}: ${message}`);
}
