import { toGraphQL } from '@mercato/money';
import type { ProductsContext } from '../context.ts';
import type { ProductPart, ProductRecord } from '../domain/catalog/product-record.ts';
import type { ProductResolvers } from '../generated/graphql.ts';
import { productParts } from './product-parts.ts';

export const Product: ProductResolvers = {
  __resolveReference: (reference, { loaders }, info) =>
    'id' in reference
      ? loaders.product('id', productParts(info)).load(reference.id)
      : loaders.product('handle', productParts(info)).load(reference.handle),
  featuredImage: async (product, _args, context) => (await part(product, 'media', context))[0] ?? null,
  media: (product, _args, context) => part(product, 'media', context),
  categories: (product, _args, context) => part(product, 'categories', context),
  collections: (product, _args, context) => part(product, 'collections', context),
  options: (product, _args, context) => part(product, 'options', context),
  variants: (product, _args, context) => part(product, 'variants', context),
  priceRange: async (product, args, context) => {
    const currency = args.currency ?? context.domain.shop.currency;
    const range = (await part(product, 'priceRanges', context)).find((each) => each.currency === currency);
    if (!range) return null;
    return { min: toGraphQL({ amount: range.min, currency }), max: toGraphQL({ amount: range.max, currency }) };
  },
};

/** A part that was read with the product, or else read now, together with those of its neighbours. */
async function part<Part extends ProductPart>(
  product: ProductRecord,
  name: Part,
  { loaders }: ProductsContext,
): Promise<NonNullable<ProductRecord[Part]>> {
  const known = product[name];
  if (known) return known;
  const read = (await loaders.knownProduct(new Set([name])).load(product.id))?.[name];
  if (!read) throw new Error(`Product ${product.id} vanished while it was read.`);
  return read;
}
