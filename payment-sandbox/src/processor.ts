import {
  type Authorization,
  type Change,
  capture,
  letGo,
  type Movement,
  type MovementMade,
  newReference,
  type Refusal,
  refund,
  refused,
} from './authorization.ts';
import { fingerprintOf, type Ledger } from './ledger.ts';
import { type TokenBehaviour, tokens } from './tokens.ts';

export interface AuthorizeRequest {
  readonly idempotencyKey: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly token: string;
  readonly reference: string;
  readonly returnUrl: string | null;
}

/** What was decided and how its answer travels, or how the try fails. */
export type AuthorizeResult =
  | { readonly kind: 'decided'; readonly authorization: Authorization; readonly answer: 'now' | 'slow' | 'lost' }
  | { readonly kind: 'error-500' }
  | { readonly kind: 'lost' }
  | Refusal;

export interface MovementRequest {
  readonly idempotencyKey: string;
  readonly authorizationId: string;
  /** All that is left by default. */
  readonly amount: bigint | undefined;
}

export type MovementResult =
  | { readonly kind: 'done'; readonly authorization: Authorization; readonly movement: Movement | undefined }
  | Refusal;

const notFound = (id: string) => refused(404, 'not_found', `There is no authorization ${id}.`);

/** The rules of the processor. Each call decides and writes down in one go, so that racing calls cannot interleave. */
export class Processor {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  authorize(request: AuthorizeRequest): AuthorizeResult {
    const { idempotencyKey: key, amount, currency, token, reference, returnUrl } = request;
    const fingerprint = fingerprintOf('authorize', amount, currency, token, reference, returnUrl);
    const behaviour = tokens.get(token);

    const known = this.#ledger.request(key, fingerprint);
    if (known?.kind === 'refused') return known;
    if (known) {
      return {
        kind: 'decided',
        authorization: known.authorization,
        answer: behaviour?.answer === 'slow' ? 'slow' : 'now',
      };
    }
    if (!behaviour) {
      return refused(400, 'unknown_token', `There is no token ${token}. Known: ${[...tokens.keys()].join(', ')}.`);
    }
    if (this.#ledger.isCancelled(reference)) {
      return refused(409, 'reference_cancelled', `Reference ${reference} was cancelled: nothing is authorized for it.`);
    }
    if (behaviour.faults && this.#ledger.faults(key) < behaviour.faults.tries) {
      this.#ledger.record({ fault: { key, fingerprint } });
      return { kind: behaviour.faults.kind };
    }

    const authorization = decide(request, behaviour);
    this.#ledger.record({
      authorizations: [authorization],
      request: { key, fingerprint, authorizationId: authorization.id },
    });
    return { kind: 'decided', authorization, answer: behaviour.answer ?? 'now' };
  }

  capture(request: MovementRequest): MovementResult {
    return this.#move('capture', request, capture);
  }

  refund(request: MovementRequest): MovementResult {
    return this.#move('refund', request, refund);
  }

  void(id: string): Change | Refusal {
    const authorization = this.#ledger.authorization(id);
    if (!authorization) return notFound(id);
    const change = letGo(authorization);
    if (change.kind === 'changed') this.#ledger.record({ authorizations: [change.authorization] });
    return change;
  }

  /** Lets go of all that is promised for a reference, and of all that may still be asked. Refused once money was taken. */
  cancelReference(reference: string): { readonly kind: 'cancelled'; readonly voided: Authorization[] } | Refusal {
    const all = this.#ledger.authorizations({ reference });
    if (all.some(({ captures }) => captures.length > 0)) {
      return refused(422, 'already_captured', `Money was taken for ${reference}: refund it instead.`);
    }
    const voided = all.flatMap((authorization) => {
      if (authorization.status === 'voided') return [];
      const change = letGo(authorization);
      return change.kind === 'changed' ? [change.authorization] : [];
    });
    this.#ledger.record({ authorizations: voided, cancelledReference: reference });
    return { kind: 'cancelled', voided };
  }

  /** The shopper's step at the bank; a second answer changes nothing. */
  answerAction(id: string, approved: boolean): Change | Refusal {
    const authorization = this.#ledger.authorization(id);
    if (!authorization) return notFound(id);
    if (authorization.status !== 'requires_action') return { kind: 'changed', authorization };

    const answered: Authorization = approved
      ? { ...authorization, status: 'authorized' }
      : { ...authorization, status: 'declined', declineCode: 'authentication_failed' };
    this.#ledger.record({ authorizations: [answered] });
    return { kind: 'changed', authorization: answered };
  }

  #move(
    operation: 'capture' | 'refund',
    { idempotencyKey: key, authorizationId, amount }: MovementRequest,
    apply: (authorization: Authorization, amount: bigint | undefined) => MovementMade | Refusal,
  ): MovementResult {
    const fingerprint = fingerprintOf(operation, authorizationId, amount);
    const known = this.#ledger.request(key, fingerprint);
    if (known?.kind === 'refused') return known;
    if (known) return { kind: 'done', authorization: known.authorization, movement: known.movement };

    const before = this.#ledger.authorization(authorizationId);
    if (!before) return notFound(authorizationId);
    const change = apply(before, amount);
    if (change.kind === 'refused') return change;

    const { authorization, movement } = change;
    this.#ledger.record({
      authorizations: [authorization],
      request: { key, fingerprint, authorizationId, movementId: movement.id },
    });
    return { kind: 'done', authorization, movement };
  }
}

function decide(request: AuthorizeRequest, { outcome }: TokenBehaviour): Authorization {
  const { idempotencyKey, amount, currency, reference, returnUrl } = request;
  return {
    id: newReference('auth'),
    status: 'status' in outcome ? outcome.status : 'declined',
    amount,
    currency,
    reference,
    idempotencyKey,
    declineCode: 'declineCode' in outcome ? outcome.declineCode : null,
    returnUrl,
    captures: [],
    refunds: [],
    createdAt: new Date().toISOString(),
  };
}
