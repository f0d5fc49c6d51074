import type { ProductResolvers } from '../generated/graphql.ts';
import { answered } from './answered.ts';

export const Product: ProductResolvers = {
  content: ({ handle }, { locale }, { loaders }) => answered(loaders.productContent(locale ?? 'EN').load(handle)),
};
