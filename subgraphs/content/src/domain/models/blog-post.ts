import { z } from 'zod';
import type { Embed } from '../rich-text/embeds.ts';
import { type RichText, richText } from '../rich-text/rich-text.ts';
import type { EntryModel } from './entry-model.ts';
import { locale, maybe, picture, pictureSelection, seo, seoSelection, text } from './parts.ts';

const card = {
  id: z.string(),
  slug: z.string(),
  locale,
  title: z.string(),
  excerpt: text,
  coverImage: maybe(picture),
  authors: z.array(z.object({ name: z.string(), bio: text, avatar: maybe(picture) })),
  productHandles: z
    .array(z.string())
    .nullish()
    .transform((handles) => handles ?? []),
  publishedAt: z.iso
    .datetime({ offset: true })
    .nullish()
    .transform((at) => (at ? new Date(at) : null)),
  seo: maybe(seo),
};

const cardFields = `id slug locale title excerpt coverImage ${pictureSelection}
  authors(first: 10) { name bio avatar ${pictureSelection} }
  productHandles publishedAt seo ${seoSelection}`;

/** An article without its text, as lists have it. */
export const blogPostCard = z.object(card);
export const blogPostCardSelection = `{ ${cardFields} }`;
export type BlogPostCard = z.output<typeof blogPostCard>;

const embedded = z.discriminatedUnion('__typename', [
  picture.extend({ __typename: z.literal('Asset'), id: z.string() }),
  z.object({ __typename: z.literal('ProductContent'), id: z.string(), productHandle: z.string() }),
]);

/** The id that the text refers to it with, and what it is; null for what we show nothing of. */
const embed = embedded.transform((given): [string, Embed] => [
  given.id,
  given.__typename === 'Asset' ? { kind: 'picture', picture: given } : { kind: 'product', handle: given.productHandle },
]);

const article = z
  .object({
    html: z.string(),
    text: z.string(),
    json: z.unknown(),
    references: z.array(embed.nullable().catch(null)),
  })
  .transform(({ html, text: words, json, references }): RichText => {
    const embeds = new Map(references.filter((reference) => reference !== null));
    return richText({ html, text: words, raw: json }, embeds);
  });

const blogPost = z.object({ ...card, content: maybe(article) });

export type BlogPost = z.output<typeof blogPost>;

/** Whole articles. */
export const blogPosts: EntryModel<BlogPost> = {
  operation: 'BlogPosts',
  plural: 'blogPosts',
  key: 'slug',
  // The handle has another name within the union: a picture's own handle is required there, a product's is not so named.
  selection: `{
    ${cardFields}
    content {
      html text json
      references(first: 50) {
        __typename
        ... on Asset { id handle url altText width height }
        ... on ProductContent { id productHandle: handle }
      }
    }
  }`,
  read: blogPost,
};

/**
 * An article with its text or, out of a list, without.
 * @mapped
 */
export type AnyBlogPost = BlogPostCard & { readonly content?: RichText | null };
