import type { QueryResolvers } from '../../generated/graphql.ts';
import { exactlyOne } from '../exactly-one.ts';

export const category: QueryResolvers['category'] = (_parent, args, { loaders }) => {
  const { by, key } = exactlyOne('category', args);
  return loaders.category(by).load(key);
};
