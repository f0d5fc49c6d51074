import type { StoredApiKey } from './store.ts';

interface Waiting {
  resolve(key: StoredApiKey | undefined): void;
  reject(error: unknown): void;
}

/** Ids that wait at most. */
const mostWaiting = 1_000;

/** How long nobody asks a database that just failed. */
const pauseAfterFailureMs = 1_000;

/**
 * Asks the database for keys in one statement at a time, which takes along all ids that came meanwhile: whoever tries
 * many ids at once costs the database no more than one who tries one.
 */
export class Lookups {
  #waiting = new Map<string, Waiting[]>();
  #running = false;
  #failure: { readonly error: unknown; readonly at: number } | undefined;
  readonly #find: (ids: readonly string[]) => Promise<readonly StoredApiKey[]>;

  constructor(find: (ids: readonly string[]) => Promise<readonly StoredApiKey[]>) {
    this.#find = find;
  }

  /** Whether the last statement failed: the next may take as long as it may take to fail. */
  get isFailing(): boolean {
    return this.#failure !== undefined;
  }

  /** There is reason to think that the database can be asked again. */
  forgive(): void {
    this.#failure = undefined;
  }

  /** @throws when the database cannot be asked, or too many ids wait already */
  find(id: string): Promise<StoredApiKey | undefined> {
    if (this.#failure && Date.now() < this.#failure.at + pauseAfterFailureMs)
      return Promise.reject(this.#failure.error);
    const others = this.#waiting.get(id);
    if (!others && this.#waiting.size >= mostWaiting)
      return Promise.reject(new Error('Too many API keys are looked up.'));
    return new Promise((resolve, reject) => {
      if (others) others.push({ resolve, reject });
      else this.#waiting.set(id, [{ resolve, reject }]);
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.size > 0) {
      const taken = this.#waiting;
      this.#waiting = new Map();
      try {
        const found = new Map((await this.#find([...taken.keys()])).map((key) => [key.id, key]));
        this.#failure = undefined;
        for (const [id, askers] of taken) for (const { resolve } of askers) resolve(found.get(id));
      } catch (error) {
        this.#failure = { error, at: Date.now() };
        for (const askers of taken.values()) for (const { reject } of askers) reject(error);
      }
    }
    this.#running = false;
  }
}
