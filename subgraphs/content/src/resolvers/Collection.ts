import type { CollectionResolvers } from '../generated/graphql.ts';
import { answered } from './answered.ts';

export const Collection: CollectionResolvers = {
  content: ({ handle }, { locale }, { loaders }) => answered(loaders.collectionContent(locale ?? 'EN').load(handle)),
};
