import { LRUCache } from 'lru-cache';
import { type Belief, type Client, withoutServices } from '../client.ts';
import { Lookups } from './lookups.ts';
import type { StoredApiKey } from './store.ts';

/** How long a key is believed without another look. A change is heard of at once; this is for who does not hear. */
const believedForMs = 30_000;
/** How long a key that held is believed while the database cannot be asked, */
const believedWithoutDatabaseMs = 10 * 60_000;
/** and how often it is tried for that key meanwhile. */
const triedAgainMs = 5_000;

export interface KnownKey {
  readonly stored: StoredApiKey;
  readonly belief: Belief;
  /** When the database said so, in ms since the epoch. */
  readonly saidAt: number;
}

export interface KnownKeysOptions {
  readonly find: (ids: readonly string[]) => Promise<readonly StoredApiKey[]>;
  /** Is told of each belief that is dropped. */
  readonly dropped: (id: string, belief: Belief) => void;
}

/** What the database said of keys, kept for a while: of those that there are and of those that there are not. */
export class KnownKeys {
  // Apart, so that guesses cannot push out what is known of real keys.
  readonly #known: LRUCache<string, KnownKey>;
  readonly #unknown = new LRUCache<string, number>({ max: 10_000 });
  readonly #lookups: Lookups;
  #changes = 0;

  constructor({ find, dropped }: KnownKeysOptions) {
    this.#lookups = new Lookups(find);
    this.#known = new LRUCache({
      max: 10_000,
      dispose({ belief }, id) {
        belief.until = 0;
        dropped(id, belief);
      },
    });
  }

  beliefs(): [string, Belief][] {
    return [...this.#known.entries()].map(([id, { belief }]) => [id, belief]);
  }

  /** Something of this key is not what it was. */
  changed(id: string): void {
    this.#changes += 1;
    this.#known.delete(id);
  }

  /** Anything may be not what it was, but the database can be asked again. */
  lookAgain(): void {
    this.#changes += 1;
    this.#lookups.forgive();
    for (const { belief } of this.#known.values()) belief.until = 0;
  }

  /** Undefined for an id that is not there. @throws when the database cannot be asked and nothing is known */
  async find(id: string): Promise<KnownKey | undefined> {
    const now = Date.now();
    const last = this.#known.get(id);
    if (last && now < last.belief.until) return last;
    if (now < (this.#unknown.get(id) ?? 0) + believedForMs) return undefined;
    if (last && this.#lookups.isFailing && believeAnyway(last, now)) {
      // Nobody waits for it. A failure is told where it happens; a success takes the place of what is believed.
      this.#look(id).catch(() => undefined);
      return last;
    }
    try {
      return await this.#look(id);
    } catch (error) {
      // Not `last`: it may have been taken back while the database was asked.
      const held = this.#known.get(id);
      if (held && believeAnyway(held, now)) return held;
      throw error;
    }
  }

  async #look(id: string): Promise<KnownKey | undefined> {
    const before = this.#changes;
    const now = Date.now();
    const stored = await this.#lookups.find(id);
    if (!stored) {
      this.#unknown.set(id, now);
      return undefined;
    }
    const client = clientOf(stored);
    // What was said while something changed may be out of date: good for who asked, and not worth keeping.
    const isSure = before === this.#changes;
    const until = isSure ? Math.min(now + believedForMs, client.expiresAt) : now;
    const key: KnownKey = { stored, saidAt: isSure ? now : 0, belief: { client, until, usedAt: 0 } };
    this.#known.set(id, key);
    return key;
  }
}

/** @returns whether the key may be believed without the database */
function believeAnyway({ saidAt, belief }: KnownKey, now: number): boolean {
  if (now >= saidAt + believedWithoutDatabaseMs) return false;
  belief.until = Math.min(now + triedAgainMs, belief.client.expiresAt);
  return true;
}

const clientOf = ({ id, kind, ownerId, scopes, expiresAt }: StoredApiKey): Client => ({
  viewer: { kind, id: ownerId, scopes: withoutServices(scopes) },
  credentialId: id,
  expiresAt: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
});
