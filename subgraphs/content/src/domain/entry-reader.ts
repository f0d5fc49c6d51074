import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import { type CacheSettings, StaleCache } from './cache/stale-cache.ts';
import { chunkKeys } from './chunk-keys.ts';
import type { ContentApi } from './content-api/content-api.ts';
import { ContentUnavailable } from './content-api/content-unavailable.ts';
import { bodyOf, type Question, type Stage } from './content-api/question.ts';
import { apiLocales, type ContentLocale } from './locale.ts';
import { documentOf, type EntryModel } from './models/entry-model.ts';
import { readEntry } from './read-entry.ts';

export interface ReadOptions {
  readonly locale: ContentLocale;
  readonly stage?: Stage;
}

/** The CMS keeps keys as single lines of at most this length: a longer one names nothing. */
const longestKey = 255;

const answer = z.object({ entries: z.array(z.looseObject({})) });

/** Reads entries of one model by their keys: many keys, few requests, and stale ones when the CMS fails. */
export class EntryReader<Entry extends object> {
  readonly #model: EntryModel<Entry>;
  readonly #document: string;
  readonly #api: ContentApi;
  readonly #cache: StaleCache<Entry | null>;
  readonly #logger: Logger;

  constructor(model: EntryModel<Entry>, api: ContentApi, cache: CacheSettings, logger: Logger) {
    this.#model = model;
    this.#document = documentOf(model);
    this.#api = api;
    this.#cache = new StaleCache(cache, (entry) => entry === null);
    this.#logger = logger;
  }

  /** In the keys' order: the entry, null where there is none, or why it cannot be had. */
  async readMany(
    keys: readonly string[],
    { locale, stage = 'PUBLISHED' }: ReadOptions,
  ): Promise<(Entry | null | ContentUnavailable)[]> {
    const askable = [...new Set(keys.filter((key) => key !== '' && key.length <= longestKey))];
    const prefix = `${stage} ${locale} `;
    const results = await this.#cache.readMany(
      askable.map((key) => `${prefix}${key}`),
      (lapsed) =>
        this.#fetch(
          lapsed.map((key) => key.slice(prefix.length)),
          { locale, stage },
        ),
    );
    const byKey = new Map(askable.map((key, index) => [key, results[index]]));
    return keys.map((key) => {
      const result = byKey.get(key);
      if (result?.status !== 'rejected') return result?.value ?? null;
      if (result.reason instanceof ContentUnavailable) return result.reason;
      throw result.reason;
    });
  }

  #fetch(keys: readonly string[], options: Required<ReadOptions>): Promise<Entry | null>[] {
    const overhead = Buffer.byteLength(bodyOf(this.#question([], options)));
    const flights = new Map<string, Promise<Map<string, Entry>>>();
    for (const chunk of chunkKeys(keys, overhead)) {
      const flight = this.#ask(chunk, options);
      for (const key of chunk) flights.set(key, flight);
    }
    return keys.map(async (key) => (await flights.get(key))?.get(key) ?? null);
  }

  async #ask(keys: readonly string[], options: Required<ReadOptions>): Promise<Map<string, Entry>> {
    const { operation, key, read } = this.#model;
    const parsed = answer.safeParse(await this.#api.ask(this.#question(keys, options)));
    if (!parsed.success) throw new ContentUnavailable('bad-answer', `${operation} was answered without entries`);
    const found = parsed.data.entries.flatMap((given): [string, Entry][] => {
      const entry = readEntry(read, given, { operation, logger: this.#logger });
      const name = given[key];
      return entry !== null && typeof name === 'string' ? [[name, entry]] : [];
    });
    return new Map(found);
  }

  #question(keys: readonly string[], { locale, stage }: Required<ReadOptions>): Question {
    return {
      operation: this.#model.operation,
      document: this.#document,
      // Without `first` all keys past the tenth would silently be missing from the answer.
      variables: { keys, first: Math.max(keys.length, 1) },
      stage,
      locales: apiLocales(locale),
    };
  }
}
