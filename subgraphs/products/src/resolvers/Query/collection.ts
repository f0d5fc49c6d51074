import type { QueryResolvers } from '../../generated/graphql.ts';
import { exactlyOne } from '../exactly-one.ts';

export const collection: QueryResolvers['collection'] = (_parent, args, { loaders }) => {
  const { by, key } = exactlyOne('collection', args);
  return loaders.collection(by).load(key);
};
