import { toGraphQL } from '@mercato/money';
import type { ProductVariantResolvers } from '../generated/graphql.ts';
import { productParts } from './product-parts.ts';

export const ProductVariant: ProductVariantResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference
      ? loaders.referredVariant('id').load(reference.id)
      : loaders.referredVariant('sku').load(reference.sku),
  product: (variant, _args, { loaders }, info) => loaders.product('id', productParts(info)).load(variant.productId),
  price: ({ prices }, args, { domain }) => {
    const currency = args.currency ?? domain.shop.currency;
    const price = prices.find((each) => each.currency === currency);
    return price ? toGraphQL({ amount: price.amount, currency }) : null;
  },
  compareAtPrice: ({ prices }, args, { domain }) => {
    const currency = args.currency ?? domain.shop.currency;
    const compareAt = prices.find((each) => each.currency === currency)?.compareAt;
    return compareAt === null || compareAt === undefined ? null : toGraphQL({ amount: compareAt, currency });
  },
  dimensions: ({ dimensions }) => dimensions && { ...dimensions, unit: 'MILLIMETRE' },
};
