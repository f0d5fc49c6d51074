import { GraphQLError } from 'graphql';
import type { QueryResolvers } from '../../generated/graphql.ts';

const most = 100;

export const variants: QueryResolvers['variants'] = async (_parent, { skus }, { loaders }) => {
  if (skus.length > most) {
    throw new GraphQLError(`skus holds ${skus.length} entries; ask for at most ${most} at a time.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  const found = await loaders.variant('sku').loadMany([...new Set(skus)]);
  return found.flatMap((variant) => {
    if (variant instanceof Error) throw variant;
    return variant ?? [];
  });
};
