import { parse } from 'graphql';
import type { World, WorldSubgraph } from '../world.ts';
import { author, type Product, products, type Review, reviews, reviewsOfUser, type User, users } from './data.ts';
import { nested } from './nested.ts';

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@provides", "@requires", "@shareable"])';

const userById = ({ id }: Pick<User, 'id'>) => users.find((user) => user.id === id);
const productByUpc = ({ upc }: Pick<Product, 'upc'>) => products.find((product) => product.upc === upc);

const accountsSubgraph: WorldSubgraph = {
  name: 'accounts',
  typeDefs: parse(`${federation}
    type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`),
  resolvers: {
    Query: {
      me: () => author,
      user: (_parent: unknown, { id }: { id: string }) => userById({ id }),
      users: () => users,
    },
    User: { __resolveReference: userById },
  },
};

const productsSubgraph: WorldSubgraph = {
  name: 'products',
  typeDefs: parse(`${federation}
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`),
  resolvers: {
    Query: { topProducts: (_parent: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: productByUpc },
  },
};

const inventorySubgraph: WorldSubgraph = {
  name: 'inventory',
  typeDefs: parse(`${federation}
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`),
  resolvers: {
    Product: {
      __resolveReference: (reference: { upc: string; price?: number; weight?: number }) => ({
        ...reference,
        inStock: productByUpc(reference)?.inStock ?? false,
      }),
      // Dear things are sent for nothing.
      shippingEstimate: ({ price, weight }: { price?: number; weight?: number }) =>
        price === undefined || weight === undefined ? null : price > 1_000 ? 0 : Math.floor(weight / 2),
    },
  },
};

const reviewsSubgraph: WorldSubgraph = {
  name: 'reviews',
  typeDefs: parse(`${federation}
    type Review { id: ID! body: String product: Product author: User @provides(fields: "username") }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }`),
  resolvers: {
    Review: {
      product: ({ upc }: Review) => ({ upc }),
      author: () => ({ id: author.id, username: author.username }),
    },
    User: { __resolveReference: ({ id }: { id: string }) => ({ id }), reviews: () => reviewsOfUser },
    Product: {
      __resolveReference: ({ upc }: { upc: string }) => ({ upc }),
      reviews: ({ upc }: { upc: string }) => reviews.filter((review) => review.upc === upc),
    },
  },
};

/** Accounts, inventory, products and reviews of the published benchmarks of federation gateways. */
export const reviewsWorld: World = {
  subgraphs: [accountsSubgraph, inventorySubgraph, productsSubgraph, reviewsSubgraph],
  operations: [nested],
};
