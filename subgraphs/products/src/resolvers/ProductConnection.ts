import type { ProductsContext } from '../context.ts';
import type { ProductRecord } from '../domain/catalog/product-record.ts';
import type { ProductPage } from '../domain/search/search-index.ts';
import type { ProductConnectionResolvers } from '../generated/graphql.ts';

export const ProductConnection: ProductConnectionResolvers = {
  nodes: async (page, _args, context) => (await edges(page, context)).map(({ node }) => node),
  edges: (page, _args, context) => edges(page, context),
  totalCount: ({ totalCount }) => {
    if (totalCount === null) throw new Error('totalCount was selected but not counted.');
    return totalCount;
  },
  facets: ({ query }, _args, { domain }) => domain.search.facets(query),
};

/** The products of the page; one that was deleted since it was found is left out. */
async function edges(
  page: ProductPage,
  { loaders }: ProductsContext,
): Promise<{ cursor: string; node: ProductRecord }[]> {
  const loader = loaders.knownProduct(page.parts);
  const nodes = await Promise.all(page.items.map(({ id }) => loader.load(id)));
  return page.items.flatMap(({ cursor }, index) => {
    const node = nodes[index];
    return node ? [{ cursor, node }] : [];
  });
}
