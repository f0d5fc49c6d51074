import { createViewerVerifier } from '@mercato/auth';
import { createSubgraphServer } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { parse } from 'graphql';
import { composed, federation } from './authorized-schema.ts';

const sdl = `
  ${federation()}
  type Query {
    open: String
    mine: String @authenticated
    stock(of: String): String @requiresScopes(scopes: [["read"], ["write", "audit"]])
    plan: String @policy(policies: [["planner"]])
    both: String @authenticated @requiresScopes(scopes: [["read"]]) @policy(policies: [["planner"]])
    product(id: ID): Product
    products: [[Product!]!]
    named: Named
    everything: [Named!]!
    found: Found
    vault: Vault
    rank: Rank
    code: [Code!]
    strict: Strict
  }
  type Mutation { rename: Renamed reprice: Int @requiresScopes(scopes: [["write"]]) open: String }
  type Subscription { moved: Product repriced: Int @requiresScopes(scopes: [["write"]]) }
  type Renamed { product: Product }
  type Product @key(fields: "id") {
    id: ID!
    title: String
    cost(in: String): Int @requiresScopes(scopes: [["cost"]])
    maker: Maker
    twin: Product
  }
  type Maker @authenticated { name: String }
  interface Named { name: String size: Int keeper: Keeper }
  type Keeper { name: String phone: String! }
  type Vault implements Named @requiresScopes(scopes: [["vault"]]) { name: String size: Int keeper: Keeper gold: Int }
  type Room implements Named { name: String size: Int @authenticated keeper: Keeper door: String }
  union Found = Vault | Room | Product
  enum Rank @requiresScopes(scopes: [["rank"]]) { HIGH LOW }
  scalar Code @requiresScopes(scopes: [["code"]])
  type Strict { open: Int secret: Int! @authenticated }
`;

/** A schema with rules on all that may have them. */
export const guarded = composed(sdl);

/** The same as one subgraph enforces it by itself: what the router lets through must please it. */
const product = { id: '1', title: 'Shirt', cost: 7, maker: { name: 'Mill' }, twin: { id: '2', title: 'Tie', cost: 3 } };
const keeper = { name: 'Bo', phone: '1' };
const room = { __typename: 'Room', name: 'Hall', size: 4, keeper, door: 'oak' };
const vault = { __typename: 'Vault', name: 'Safe', size: 1, keeper, gold: 9 };
export const { schema: enforcing } = createSubgraphServer({
  name: 'shop',
  typeDefs: parse(sdl),
  resolvers: {},
  verifier: createViewerVerifier('shop', {}),
  policies: (_viewer, names) => new Set(names),
  logger: createLogger({ name: 'test', level: 'silent' }),
  context: (call) => call,
  ready: async () => {},
  close: async () => {},
});
export const rootValue = {
  open: 'open',
  mine: 'mine',
  stock: 'stock',
  plan: 'plan',
  both: 'both',
  product,
  products: [[product], []],
  named: vault,
  everything: [vault, room],
  found: vault,
  vault,
  rank: 'HIGH',
  code: ['x'],
  strict: { open: 1, secret: 2 },
  rename: { product },
  reprice: 1,
};
