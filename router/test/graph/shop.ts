import { createViewerVerifier, type PublicKey } from '@mercato/auth';
import { createSubgraphServer, type Subgraph, type SubgraphCall } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { GraphQLError, parse } from 'graphql';

/** What a subgraph of these tests saw and does. */
export interface Behaviour {
  calls: { field: string; viewer: SubgraphCall['viewer']; requestId: string }[];
  /** Answers wait for it. */
  gate: Promise<void>;
  stock: number;
}

export const behaviour = (): Behaviour => ({ calls: [], gate: Promise.resolve(), stock: 7 });

export const catalogSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requiresScopes"])
  type Query {
    product(id: ID!): Product
    products: [Product!]
    broken: String
    refused: String
    secret: String @requiresScopes(scopes: [["secret:read"]])
    whoAmI: String
  }
  type Mutation {
    rename(id: ID!, title: String!): Product
    reprice(id: ID!, cost: Int!): Product @requiresScopes(scopes: [["catalog:write"]])
  }
  type Product @key(fields: "id") {
    id: ID!
    title: String!
    parent: Product
    cost: Int @requiresScopes(scopes: [["catalog:read"], ["catalog:write"]])
  }
`;

export const stockSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])
  type Query { warehouses: [String!] ledger: [Movement!] }
  type Mutation { adjust(by: Int!): Int }
  type Product @key(fields: "id") { id: ID! available(plus: Int = 0): Int reserved: Int @authenticated }
  type Movement @authenticated { by: Int! }
`;

const logger = createLogger({ name: 'test', level: 'silent' });

type Trusted = Readonly<Record<string, PublicKey>>;

export function catalog(seen: Behaviour, trusted: Trusted): Subgraph {
  const products = ['1', '2', '3'].map((id) => ({ id, title: `Product ${id}` }));
  const find = (id: string) => products.find((product) => product.id === id) ?? null;
  const note = async (field: string, context: SubgraphCall) => {
    seen.calls.push({ field, viewer: context.viewer, requestId: context.requestId });
    await seen.gate;
  };
  return createSubgraphServer({
    name: 'catalog',
    typeDefs: parse(catalogSdl),
    resolvers: {
      Query: {
        product: async (_: unknown, { id }: { id: string }, context: SubgraphCall) => {
          await note('product', context);
          return find(id);
        },
        products: async (_: unknown, _args: unknown, context: SubgraphCall) => {
          await note('products', context);
          return products;
        },
        broken: () => {
          throw new Error('password=hunter2 at postgres://10.0.0.7:5432/catalog');
        },
        refused: () => {
          throw new GraphQLError('Give a shorter name.', { extensions: { code: 'BAD_USER_INPUT', limit: 40 } });
        },
        secret: () => 'the secret',
        whoAmI: async (_: unknown, _args: unknown, context: SubgraphCall) => {
          await note('whoAmI', context);
          return JSON.stringify(context.viewer);
        },
      },
      Mutation: {
        rename: async (_: unknown, { id, title }: { id: string; title: string }, context: SubgraphCall) => {
          await note('rename', context);
          const product = find(id);
          if (product) product.title = title;
          return product;
        },
        reprice: async (_: unknown, { id }: { id: string }, context: SubgraphCall) => {
          await note('reprice', context);
          return find(id);
        },
      },
      Product: {
        __resolveReference: ({ id }: { id: string }) => find(id),
        parent: (product: { id: string }) => find(product.id),
        cost: async (product: { id: string }, _: unknown, context: SubgraphCall) => {
          await note('cost', context);
          return Number(product.id) * 100;
        },
      },
    },
    verifier: createViewerVerifier('catalog', trusted),
    logger,
    context: (call) => call,
    routes: async (server) => {
      server.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
      server.post('/uploads/:name', async (request) => {
        let bytes = 0;
        for await (const chunk of request.body as AsyncIterable<Buffer>) bytes += chunk.length;
        const viewer = await createViewerVerifier('catalog', trusted).verify(request.headers.authorization);
        return {
          bytes,
          viewer,
          cookie: request.headers.cookie ?? null,
          forged: request.headers['x-mercato-viewer'] ?? null,
        };
      });
      server.post('/uploads/refused', async (_request, reply) =>
        reply
          .code(413)
          .header('connection', 'close')
          .send({ error: { message: 'Too large.' } }),
      );
      server.get('/media/:name', async (_request, reply) =>
        reply.header('etag', '"abc"').header('x-internal-host', '10.0.0.7').type('image/svg+xml').send('<svg/>'),
      );
    },
    ready: async () => {},
    close: async () => {},
  });
}

export function stock(seen: Behaviour, trusted: Trusted): Subgraph {
  return createSubgraphServer({
    name: 'stock',
    typeDefs: parse(stockSdl),
    resolvers: {
      Query: {
        warehouses: async () => {
          await seen.gate;
          return ['MAIN'];
        },
        ledger: (_: unknown, _args: unknown, context: SubgraphCall) => {
          seen.calls.push({ field: 'ledger', viewer: context.viewer, requestId: context.requestId });
          return [{ by: 3 }, { by: -1 }];
        },
      },
      Mutation: {
        adjust: async (_: unknown, { by }: { by: number }, context: SubgraphCall) => {
          seen.calls.push({ field: 'adjust', viewer: context.viewer, requestId: context.requestId });
          await seen.gate;
          seen.stock += by;
          return seen.stock;
        },
      },
      Product: {
        __resolveReference: (reference: { id: string }) => reference,
        available: (_: unknown, { plus }: { plus: number }, context: SubgraphCall) => {
          seen.calls.push({ field: 'available', viewer: context.viewer, requestId: context.requestId });
          return seen.stock + plus;
        },
        reserved: (_: unknown, _args: unknown, context: SubgraphCall) => {
          seen.calls.push({ field: 'reserved', viewer: context.viewer, requestId: context.requestId });
          return 2;
        },
      },
    },
    verifier: createViewerVerifier('stock', trusted),
    logger,
    context: (call) => call,
    ready: async () => {},
    close: async () => {},
  });
}

/** A gate that is shut until it is opened. */
export function shut(seen: Behaviour): () => void {
  let open = () => {};
  seen.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}
