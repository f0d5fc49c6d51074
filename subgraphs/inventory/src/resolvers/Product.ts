import type { ProductResolvers } from '../generated/graphql.ts';

export const Product: ProductResolvers = {
  availability: ({ id }, _args, { loaders }) => loaders.availabilityByProduct.load(id),
};
