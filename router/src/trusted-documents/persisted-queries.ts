import { createHash } from 'node:crypto';
import type { Logger } from '@mercato/telemetry';
import { LRUCache } from 'lru-cache';

/** Where several routers keep what one of them was told. */
export interface SharedTexts {
  get(hash: string): Promise<string | null>;
  set(hash: string, text: string, seconds: number): Promise<void>;
}

export interface PersistedQueriesSettings {
  readonly logger: Logger;
  readonly shared?: SharedTexts | undefined;
  /** Bytes of texts kept in this process. */
  readonly bytes?: number | undefined;
  /** Seconds that a text stays in the shared store after it was last registered. */
  readonly seconds?: number | undefined;
  /** Milliseconds that the shared store may take to answer; a client has the text at hand. */
  readonly patience?: number | undefined;
}

/** Longer texts are answered and not kept: nobody's program writes them. */
const longest = 256 * 1024;

/** Milliseconds between two complaints about the shared store. */
const complaintEvery = 60_000;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Texts that clients registered under their hash. What is lost is registered again: nothing here may fail a request. */
export class PersistedQueries {
  /** Since the start: hashes that a text was found for, or none was, and texts that were registered. */
  readonly counts = { found: 0, missing: 0, registered: 0 };
  readonly #texts: LRUCache<string, string>;
  readonly #settings: Required<Pick<PersistedQueriesSettings, 'seconds' | 'patience'>> & PersistedQueriesSettings;
  #complainedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: PersistedQueriesSettings) {
    this.#settings = { ...settings, seconds: settings.seconds ?? 24 * 60 * 60, patience: settings.patience ?? 100 };
    this.#texts = new LRUCache({
      maxSize: settings.bytes ?? 16 * 1024 * 1024,
      // A character may take two bytes; the rest is the hash and the cache's own.
      sizeCalculation: (text) => text.length * 2 + 200,
    });
  }

  get(hash: string): string | undefined | Promise<string | undefined> {
    return this.#texts.get(hash) ?? (this.#settings.shared ? this.#fetch(hash, this.#settings.shared) : undefined);
  }

  /** Keeps a text whose hash was checked and that proved to be valid. */
  register(hash: string, text: string): void {
    if (text.length > longest || this.#texts.has(hash)) return;
    this.#texts.set(hash, text);
    this.counts.registered += 1;
    const { shared, seconds } = this.#settings;
    shared?.set(hash, text, seconds).catch((error: unknown) => this.#complain(error));
  }

  async #fetch(hash: string, shared: SharedTexts): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tired = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, this.#settings.patience, null);
    });
    try {
      const text = await Promise.race([shared.get(hash), tired]);
      // Whoever can write there could otherwise choose what a hash stands for.
      if (text === null || sha256(text) !== hash) return undefined;
      this.#texts.set(hash, text);
      return text;
    } catch (error) {
      this.#complain(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #complain(error: unknown): void {
    if (performance.now() - this.#complainedAt < complaintEvery) return;
    this.#complainedAt = performance.now();
    this.#settings.logger.warn({ err: error }, 'Persisted queries are not shared between routers right now');
  }
}
