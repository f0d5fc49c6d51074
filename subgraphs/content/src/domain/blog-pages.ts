import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import { type CacheSettings, StaleCache } from './cache/stale-cache.ts';
import type { ContentApi } from './content-api/content-api.ts';
import { ContentUnavailable } from './content-api/content-unavailable.ts';
import type { ReadOptions } from './entry-reader.ts';
import { apiLocales } from './locale.ts';
import { type BlogPostCard, blogPostCard, blogPostCardSelection } from './models/blog-post.ts';
import { readEntry } from './read-entry.ts';

/** Which page: forward from a cursor, or backward from one. Cursors are the CMS's own. */
export interface BlogPageRequest {
  readonly direction: 'forward' | 'backward';
  readonly limit: number;
  readonly cursor: string | null;
  /** Whether to count all articles, too. */
  readonly count: boolean;
}

export interface BlogPage {
  readonly edges: readonly { readonly cursor: string; readonly node: BlogPostCard }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Null when it was not to be counted. */
  readonly totalCount: number | null;
}

const operation = 'BlogPage';

const document = `query ${operation}(
  $first: Int, $after: String, $last: Int, $before: String, $count: Boolean!, $stage: Stage!, $locales: [Locale!]!
) {
  page: blogPostsConnection(
    orderBy: publishedAt_DESC, first: $first, after: $after, last: $last, before: $before, stage: $stage, locales: $locales
  ) {
    edges { cursor node ${blogPostCardSelection} }
    pageInfo { hasNextPage hasPreviousPage }
    aggregate @include(if: $count) { count }
  }
}`;

const answer = z.object({
  page: z.object({
    edges: z.array(z.object({ cursor: z.string(), node: z.unknown() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), hasPreviousPage: z.boolean() }),
    aggregate: z.object({ count: z.int() }).optional(),
  }),
});

/** Reads pages of the blog, newest first, and stale ones when the CMS fails. Articles are without their texts. */
export class BlogPages {
  readonly #api: ContentApi;
  readonly #cache: StaleCache<BlogPage>;
  readonly #logger: Logger;

  constructor(api: ContentApi, cache: CacheSettings, logger: Logger) {
    this.#api = api;
    this.#cache = new StaleCache(cache, ({ edges }) => edges.length === 0);
    this.#logger = logger;
  }

  /** @throws ContentUnavailable when there is not even a stale page. */
  read(request: BlogPageRequest, { locale, stage = 'PUBLISHED' }: ReadOptions): Promise<BlogPage> {
    const variables = variablesOf(request);
    return this.#cache.read(JSON.stringify([stage, locale, request.limit, variables]), async () => {
      const locales = apiLocales(locale);
      const parsed = answer.safeParse(await this.#api.ask({ operation, document, variables, stage, locales }));
      if (!parsed.success) throw new ContentUnavailable('bad-answer', `${operation} was answered without a page`);
      return this.#pageOf(parsed.data.page, request);
    });
  }

  #pageOf(
    { edges, pageInfo, aggregate }: z.output<typeof answer>['page'],
    { limit, direction }: BlogPageRequest,
  ): BlogPage {
    const totalCount = aggregate?.count ?? null;
    if (limit === 0) {
      const follows = { forward: 'hasNextPage', backward: 'hasPreviousPage' } as const;
      return { edges: [], ...pageInfo, [follows[direction]]: edges.length > 0, totalCount };
    }
    const read = edges.flatMap(({ cursor, node }) => {
      const card = readEntry(blogPostCard, node, { operation, logger: this.#logger });
      return card ? [{ cursor, node: card }] : [];
    });
    return { edges: read, ...pageInfo, totalCount };
  }
}

/** What a page of none would be is not documented: one is asked for, and left out. */
const variablesOf = ({ direction, limit, cursor, count }: BlogPageRequest): Readonly<Record<string, unknown>> => ({
  [direction === 'forward' ? 'first' : 'last']: Math.max(limit, 1),
  ...(cursor === null ? {} : { [direction === 'forward' ? 'after' : 'before']: cursor }),
  count,
});
