import { LRUCache } from 'lru-cache';

export interface CacheSettings {
  /** How long an answer is given without asking again. */
  readonly freshMs: number;
  /** How long it is kept for when the CMS fails. */
  readonly staleMs: number;
  /** How long a caller waits for a fresh answer while there is a stale one. */
  readonly patienceMs: number;
  readonly maxEntries: number;
}

export const usualCache: CacheSettings = { freshMs: 30_000, staleMs: 86_400_000, patienceMs: 250, maxEntries: 2_000 };

interface Kept<Value> {
  readonly value: Value;
  readonly at: number;
}

/**
 * Answers that outlive the one who gave them: a fresh one is given at once, a stale one when a new one cannot be had
 * or is slow to come. What is being fetched is fetched once, whoever asks.
 */
export class StaleCache<Value extends object | null> {
  readonly #settings: CacheSettings;
  readonly #kept: LRUCache<string, Kept<Value>>;
  /** Apart, so that names nobody has written about, which anyone can make up, push out no content. */
  readonly #keptAbsent: LRUCache<string, Kept<Value>>;
  readonly #isAbsent: (value: Value) => boolean;
  readonly #flights = new Map<string, Promise<Value>>();

  constructor(settings: CacheSettings, isAbsent: (value: Value) => boolean) {
    this.#settings = settings;
    this.#isAbsent = isAbsent;
    // What is fresh is there, whatever the settings say about stale.
    const bounds = { max: settings.maxEntries, ttl: Math.max(settings.staleMs, settings.freshMs + 1_000) };
    this.#kept = new LRUCache(bounds);
    this.#keptAbsent = new LRUCache(bounds);
  }

  /**
   * A value a key, in the keys' order.
   * @param fetch asks for those that are not fresh; it gives a promise a key, in the keys' order.
   */
  readMany(
    keys: readonly string[],
    fetch: (keys: readonly string[]) => readonly Promise<Value>[],
  ): Promise<PromiseSettledResult<Value>[]> {
    const lapsed = keys.filter((key) => !this.#isFresh(this.#find(key)) && !this.#flights.has(key));
    const fetched = lapsed.length > 0 ? fetch(lapsed) : [];
    for (const [index, key] of lapsed.entries()) {
      const flight = fetched[index];
      if (flight) this.#follow(key, flight);
    }
    return Promise.allSettled(keys.map((key) => this.#settle(key)));
  }

  async read(key: string, fetch: () => Promise<Value>): Promise<Value> {
    const [result] = await this.readMany([key], () => [fetch()]);
    if (result?.status === 'fulfilled') return result.value;
    throw result?.reason;
  }

  async #settle(key: string): Promise<Value> {
    const kept = this.#find(key);
    const flight = this.#flights.get(key);
    if (!flight) {
      if (kept) return kept.value;
      throw new Error(`Nothing was fetched for ${key}.`);
    }
    return kept ? this.#soonOr(kept.value, flight) : flight;
  }

  /** What the flight brings, or the stale value when it fails or takes too long; a late one serves the next caller. */
  #soonOr(stale: Value, flight: Promise<Value>): Promise<Value> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(stale), this.#settings.patienceMs);
      const done = (value: Value) => {
        clearTimeout(timer);
        resolve(value);
      };
      flight.then(done, () => done(stale));
    });
  }

  #follow(key: string, flight: Promise<Value>): void {
    const landing = flight.then(
      (value) => {
        this.#flights.delete(key);
        this.#keep(key, value);
        return value;
      },
      (error: unknown) => {
        this.#flights.delete(key);
        throw error;
      },
    );
    this.#flights.set(key, landing);
    // Whoever waits is told; when nobody does any more, the client has logged it all the same.
    landing.catch(() => undefined);
  }

  #keep(key: string, value: Value): void {
    const absent = this.#isAbsent(value);
    (absent ? this.#kept : this.#keptAbsent).delete(key);
    (absent ? this.#keptAbsent : this.#kept).set(key, { value, at: performance.now() });
  }

  #find(key: string): Kept<Value> | undefined {
    return this.#kept.get(key) ?? this.#keptAbsent.get(key);
  }

  #isFresh(kept: Kept<Value> | undefined): boolean {
    return kept !== undefined && performance.now() - kept.at < this.#settings.freshMs;
  }
}
