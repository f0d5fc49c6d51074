import type { Logger } from '@mercato/telemetry';
import { BlogPages } from './blog-pages.ts';
import { type CacheSettings, usualCache } from './cache/stale-cache.ts';
import type { ContentApi } from './content-api/content-api.ts';
import { EntryReader } from './entry-reader.ts';
import { ListReader } from './list-reader.ts';
import { banners } from './models/banner.ts';
import { blogPosts } from './models/blog-post.ts';
import type { EntryModel } from './models/entry-model.ts';
import { faqs } from './models/faq.ts';
import type { ListModel } from './models/list-model.ts';
import { categoryContents, collectionContents } from './models/listing-content.ts';
import { navigations } from './models/navigation.ts';
import { pages } from './models/page.ts';
import { productContents } from './models/product-content.ts';

export type Content = ReturnType<typeof createContent>;

/** Pages and lists are large, and which of them are wanted is up to anyone: few are kept. */
const mostLists = 100;

/** All that editors wrote, each kind with a cache of its own, so that none pushes out another. */
export function createContent(api: ContentApi, settings: Partial<CacheSettings>, logger: Logger) {
  const cache = { ...usualCache, ...settings };
  const listCache = { ...cache, maxEntries: Math.min(cache.maxEntries, mostLists) };
  const entries = <Entry extends object>(model: EntryModel<Entry>) => new EntryReader(model, api, cache, logger);
  const list = <Arguments, Entry extends object>(model: ListModel<Arguments, Entry>) =>
    new ListReader(model, api, listCache, logger);
  return {
    productContents: entries(productContents),
    categoryContents: entries(categoryContents),
    collectionContents: entries(collectionContents),
    blogPosts: entries(blogPosts),
    pages: entries(pages),
    navigations: entries(navigations),
    faqs: list(faqs),
    banners: list(banners),
    blogPages: new BlogPages(api, listCache, logger),
  };
}
