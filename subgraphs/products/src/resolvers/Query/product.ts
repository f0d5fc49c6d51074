import type { QueryResolvers } from '../../generated/graphql.ts';
import { exactlyOne } from '../exactly-one.ts';
import { productParts } from '../product-parts.ts';

export const product: QueryResolvers['product'] = (_parent, args, { loaders }, info) => {
  const { by, key } = exactlyOne('product', args);
  return loaders.product(by, productParts(info)).load(key);
};
