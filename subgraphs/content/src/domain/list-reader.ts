import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import { type CacheSettings, StaleCache } from './cache/stale-cache.ts';
import type { ContentApi } from './content-api/content-api.ts';
import { ContentUnavailable } from './content-api/content-unavailable.ts';
import type { ReadOptions } from './entry-reader.ts';
import { apiLocales } from './locale.ts';
import type { ListModel } from './models/list-model.ts';
import { readEntry } from './read-entry.ts';

const answer = z.object({ entries: z.array(z.unknown()) });

/** Reads whole lists of one model, and stale ones when the CMS fails. */
export class ListReader<Arguments, Entry extends object> {
  readonly #model: ListModel<Arguments, Entry>;
  readonly #api: ContentApi;
  readonly #cache: StaleCache<Entry[]>;
  readonly #logger: Logger;

  constructor(model: ListModel<Arguments, Entry>, api: ContentApi, cache: CacheSettings, logger: Logger) {
    this.#model = model;
    this.#api = api;
    this.#cache = new StaleCache(cache, (entries) => entries.length === 0);
    this.#logger = logger;
  }

  /** @throws ContentUnavailable when there is not even a stale list. */
  read(given: Arguments, { locale, stage = 'PUBLISHED' }: ReadOptions): Promise<Entry[]> {
    const { operation, document, read } = this.#model;
    const variables = this.#model.variables(given);
    return this.#cache.read(JSON.stringify([stage, locale, variables]), async () => {
      const locales = apiLocales(locale);
      const parsed = answer.safeParse(await this.#api.ask({ operation, document, variables, stage, locales }));
      if (!parsed.success) throw new ContentUnavailable('bad-answer', `${operation} was answered without entries`);
      return parsed.data.entries.flatMap((entry) => readEntry(read, entry, { operation, logger: this.#logger }) ?? []);
    });
  }
}
