import { GraphQLError } from 'graphql';
import { readProductQuery } from '../../domain/search/product-query.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { productParts, selects } from '../product-parts.ts';

export const products: QueryResolvers['products'] = async (_parent, args, { domain, viewer }, info) => {
  const read = readProductQuery(args, viewer, domain.shop.currency);
  if (read.kind === 'invalid') {
    throw new GraphQLError(read.message, { extensions: { code: 'BAD_USER_INPUT' } });
  }
  const page = await domain.search.find(read.query, args, { count: selects(info, 'totalCount') });
  return { ...page, query: read.query, parts: productParts(info, [['nodes'], ['edges', 'node']]) };
};
