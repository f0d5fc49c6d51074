import type { BlogPostConnectionResolvers } from '../generated/graphql.ts';

export const BlogPostConnection: BlogPostConnectionResolvers = {
  nodes: ({ edges }) => edges.map(({ node }) => node),
  edges: ({ edges }) => [...edges],
  pageInfo: ({ edges, hasNextPage, hasPreviousPage }) => ({
    hasNextPage,
    hasPreviousPage,
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  }),
  totalCount: ({ totalCount }) => {
    if (totalCount === null) throw new Error('totalCount was selected but not counted.');
    return totalCount;
  },
};
