import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type DocumentNode, parse } from 'graphql';

/** Two subgraphs that do next to nothing, so that what is measured is the way to them. */
export interface TrivialSubgraph {
  readonly name: 'products' | 'reviews';
  readonly typeDefs: DocumentNode;
  readonly resolvers: GraphQLResolverMap<unknown>;
}

const federation = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

const productOf = (id: string) => ({ id, name: `Product ${id}`, price: id.length * 100, tags: ['new', 'sale'] });

const products: TrivialSubgraph = {
  name: 'products',
  typeDefs: parse(`${federation}
    type Query { products(first: Int!, page: Int!): [Product!]! }
    type Product @key(fields: "id") { id: ID! name: String! price: Int! tags: [String!]! }`),
  resolvers: {
    Query: {
      products: (_parent: unknown, { first, page }: { first: number; page: number }) =>
        Array.from({ length: first }, (_, index) => productOf(`p-${page * first + index}`)),
    },
  },
};

const reviews: TrivialSubgraph = {
  name: 'reviews',
  typeDefs: parse(`${federation}
    type Product @key(fields: "id") { id: ID! rating: Float! reviews: [Review!]! }
    type Review { id: ID! author: String! body: String! }`),
  resolvers: {
    Product: {
      __resolveReference: ({ id }: { id: string }) => ({
        id,
        rating: 4.5,
        reviews: [1, 2].map((number) => ({
          id: `${id}-${number}`,
          author: 'Ada',
          body: `Of ${id}: does what it should.`,
        })),
      }),
    },
  },
};

export const trivialSubgraphs: readonly TrivialSubgraph[] = [products, reviews];

/** Ten entities of one subgraph, completed by the other. */
export const query =
  'query Page($page: Int!) { products(first: 10, page: $page) { id name price tags rating reviews { id author body } } }';
