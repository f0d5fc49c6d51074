import type { CollectionResolvers } from '../generated/graphql.ts';

export const Collection: CollectionResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference
      ? loaders.collection('id').load(reference.id)
      : loaders.collection('handle').load(reference.handle),
};
