import { z } from 'zod';
import type { EntryModel } from './entry-model.ts';
import {
  locale,
  maybe,
  picture,
  pictureSelection,
  plainRichText,
  richTextSelection,
  seo,
  seoSelection,
  text,
} from './parts.ts';

const listingContent = z.object({
  handle: z.string(),
  locale,
  headline: text,
  body: maybe(plainRichText),
  image: maybe(picture),
  seo: maybe(seo),
});

export type ListingContent = z.output<typeof listingContent>;

const ofKind = (kind: 'category' | 'collection', operation: string): EntryModel<ListingContent> => ({
  operation,
  plural: 'listingContents',
  key: 'handle',
  condition: `kind: ${kind}`,
  selection: `{
    handle locale headline body ${richTextSelection} image ${pictureSelection} seo ${seoSelection}
  }`,
  read: listingContent,
});

/** What editors wrote about a category or a collection, by its handle in the catalog. */
export const categoryContents = ofKind('category', 'CategoryContents');
export const collectionContents = ofKind('collection', 'CollectionContents');
