import type { QueryResolvers } from '../../generated/graphql.ts';
import { answered } from '../answered.ts';

export const navigation: QueryResolvers['navigation'] = (_parent, { key, locale }, { loaders }) =>
  answered(loaders.navigation(locale ?? 'EN').load(key));
