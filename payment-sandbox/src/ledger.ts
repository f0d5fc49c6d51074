import { createHash } from 'node:crypto';
import { type Authorization, type Movement, type Refusal, refused } from './authorization.ts';
import { Journal, type JournalEntry } from './journal.ts';

/** The result that an idempotency key already has. */
export interface KnownRequest {
  readonly kind: 'known';
  readonly authorization: Authorization;
  readonly movement: Movement | undefined;
}

/** What the processor remembers: the journal's content by the ways it is asked for. */
export class Ledger {
  readonly #journal: Journal;
  readonly #authorizations = new Map<string, Authorization>();
  readonly #requests = new Map<string, NonNullable<JournalEntry['request']>>();
  readonly #faults = new Map<string, { fingerprint: string; count: number }>();
  readonly #cancelled = new Set<string>();

  constructor(dataFile: string) {
    const { journal, entries } = Journal.open(dataFile);
    this.#journal = journal;
    for (const entry of entries) this.#apply(entry);
  }

  /** Written down first, believed afterwards. */
  record(change: Omit<JournalEntry, 'at'>): void {
    const entry = { at: new Date().toISOString(), ...change };
    this.#journal.append(entry);
    this.#apply(entry);
  }

  authorization(id: string): Authorization | undefined {
    return this.#authorizations.get(id);
  }

  /** Oldest first. */
  authorizations(
    filter: { reference?: string | undefined; idempotencyKey?: string | undefined } = {},
  ): Authorization[] {
    return [...this.#authorizations.values()].filter(
      (each) =>
        (filter.reference === undefined || each.reference === filter.reference) &&
        (filter.idempotencyKey === undefined || each.idempotencyKey === filter.idempotencyKey),
    );
  }

  isCancelled(reference: string): boolean {
    return this.#cancelled.has(reference);
  }

  /** Tries with this key that failed by design. */
  faults(key: string): number {
    return this.#faults.get(key)?.count ?? 0;
  }

  /** What the key stands for already: a result, another request, or nothing yet. */
  request(key: string, fingerprint: string): KnownRequest | Refusal | undefined {
    const request = this.#requests.get(key);
    const before = request?.fingerprint ?? this.#faults.get(key)?.fingerprint;
    if (before !== undefined && before !== fingerprint) {
      return refused(409, 'idempotency_key_reused', 'This idempotency key was used before with another request.');
    }
    const authorization = request && this.#authorizations.get(request.authorizationId);
    if (!request || !authorization) return undefined;

    const movements = [...authorization.captures, ...authorization.refunds];
    return { kind: 'known', authorization, movement: movements.find(({ id }) => id === request.movementId) };
  }

  close(): void {
    this.#journal.close();
  }

  #apply({ authorizations, request, fault, cancelledReference }: JournalEntry): void {
    for (const each of authorizations ?? []) this.#authorizations.set(each.id, each);
    if (request) this.#requests.set(request.key, request);
    if (fault) this.#faults.set(fault.key, { fingerprint: fault.fingerprint, count: this.faults(fault.key) + 1 });
    if (cancelledReference !== undefined) this.#cancelled.add(cancelledReference);
  }
}

/** Tells whether two requests with one key are the same. Without secrets: the journal keeps no card token. */
export function fingerprintOf(operation: string, ...parts: readonly (string | bigint | null | undefined)[]): string {
  return createHash('sha256')
    .update(JSON.stringify([operation, ...parts.map((part) => part?.toString() ?? null)]))
    .digest('hex');
}
