import DataLoader from 'dataloader';
import type { Content } from './domain/content.ts';
import type { EntryReader } from './domain/entry-reader.ts';
import type { ContentLocale } from './domain/locale.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** For one call: however many entries of a model it wants in a language, the CMS is asked once. */
export const createLoaders = (content: Content) => ({
  productContent: byLocale(content.productContents),
  categoryContent: byLocale(content.categoryContents),
  collectionContent: byLocale(content.collectionContents),
  blogPost: byLocale(content.blogPosts),
  page: byLocale(content.pages),
  navigation: byLocale(content.navigations),
});

/** A loader of each language, made when it is first asked for. */
function byLocale<Entry extends object>(reader: EntryReader<Entry>) {
  const loaders = new Map<ContentLocale, DataLoader<string, Entry | null>>();
  return (locale: ContentLocale): DataLoader<string, Entry | null> => {
    const made = loaders.get(locale);
    if (made) return made;
    const loader = new DataLoader<string, Entry | null>((keys) => reader.readMany(keys, { locale }));
    loaders.set(locale, loader);
    return loader;
  };
}
