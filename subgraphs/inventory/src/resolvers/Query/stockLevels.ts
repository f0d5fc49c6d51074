import { GraphQLError } from 'graphql';
import { listStockLevels, stockLevelOrder } from '../../domain/lists.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { pageOf } from '../page-arguments.ts';

const maxSkus = 100;

export const stockLevels: QueryResolvers['stockLevels'] = (_parent, { filter, ...page }, { db }) => {
  if ((filter?.skus?.length ?? 0) > maxSkus) {
    throw new GraphQLError(`\`filter.skus\` has more than ${maxSkus} skus; ask for them in several calls.`, {
      extensions: { code: 'BAD_USER_INPUT', argument: 'filter' },
    });
  }
  return listStockLevels(db, filter ?? {}, pageOf(page, stockLevelOrder));
};
