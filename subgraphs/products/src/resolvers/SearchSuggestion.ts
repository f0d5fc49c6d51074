import type { SearchSuggestionResolvers } from '../generated/graphql.ts';
import { productParts } from './product-parts.ts';

export const SearchSuggestion: SearchSuggestionResolvers = {
  product: ({ productId }, _args, { loaders }, info) =>
    productId === null ? null : loaders.product('id', productParts(info)).load(productId),
};
