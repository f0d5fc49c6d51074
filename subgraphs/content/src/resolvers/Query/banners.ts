import type { QueryResolvers } from '../../generated/graphql.ts';
import { answered } from '../answered.ts';

export const banners: QueryResolvers['banners'] = (_parent, { placement, locale }, { content }) =>
  answered(content.banners.read({ placement }, { locale: locale ?? 'EN' }));
