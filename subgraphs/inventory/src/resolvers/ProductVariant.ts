import { stockLevelOrder } from '../domain/lists.ts';
import type { ProductVariantResolvers } from '../generated/graphql.ts';
import { pageOf } from './page-arguments.ts';

export const ProductVariant: ProductVariantResolvers = {
  availability: ({ sku, availability }, _args, { loaders }) => availability ?? loaders.availabilityBySku.load(sku),
  stockLevels: ({ sku }, args, { loaders }) => loaders.levelsOfSku(pageOf(args, stockLevelOrder)).load(sku),
};
