import type { QueryResolvers } from '../../generated/graphql.ts';
import { answered } from '../answered.ts';

export const faqs: QueryResolvers['faqs'] = (_parent, { category, locale }, { content }) =>
  answered(content.faqs.read({ category: category ?? null }, { locale: locale ?? 'EN' }));
