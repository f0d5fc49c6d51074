import type { BlogPostResolvers } from '../generated/graphql.ts';
import { answered } from './answered.ts';

export const BlogPost: BlogPostResolvers = {
  // Lists come without texts, which are long; those that are wanted are fetched together.
  body: async ({ content, slug, locale }, _args, { loaders }) =>
    content === undefined ? ((await answered(loaders.blogPost(locale).load(slug)))?.content ?? null) : content,
  products: ({ productHandles }) => productHandles.map((handle) => ({ handle })),
};
