import type { QueryResolvers } from '../../generated/graphql.ts';
import { answered } from '../answered.ts';

export const blogPost: QueryResolvers['blogPost'] = (_parent, { slug, locale }, { loaders }) =>
  answered(loaders.blogPost(locale ?? 'EN').load(slug));
