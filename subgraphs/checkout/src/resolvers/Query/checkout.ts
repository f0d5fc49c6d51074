import type { QueryResolvers } from '../../generated/graphql.ts';

export const checkout: QueryResolvers['checkout'] = (_parent, { id }, { loaders }) => loaders.checkout.load(id);
