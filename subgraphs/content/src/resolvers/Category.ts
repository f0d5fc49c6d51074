import type { CategoryResolvers } from '../generated/graphql.ts';
import { answered } from './answered.ts';

export const Category: CategoryResolvers = {
  content: ({ handle }, { locale }, { loaders }) => answered(loaders.categoryContent(locale ?? 'EN').load(handle)),
};
