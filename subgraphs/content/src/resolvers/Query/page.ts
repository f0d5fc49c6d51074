import type { QueryResolvers } from '../../generated/graphql.ts';
import { answered } from '../answered.ts';

export const page: QueryResolvers['page'] = (_parent, { slug, locale }, { loaders }) =>
  answered(loaders.page(locale ?? 'EN').load(slug));
