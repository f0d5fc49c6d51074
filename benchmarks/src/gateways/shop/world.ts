import { operation } from '../../statements/documents.ts';
import type { World, WorldSubgraph } from '../world.ts';
import { availabilityOf, contentOf, handleOf, pageAfter, pages, productOf } from './catalog.ts';
import { shopSdl } from './sdl.ts';

const subgraphOf = (name: string, resolvers: WorldSubgraph['resolvers'] = {}): WorldSubgraph => ({
  name,
  typeDefs: shopSdl(name),
  resolvers,
});

const indexOf = (key: string): number => Number(/\d+$/.exec(key)?.[0] ?? 0);

const products = subgraphOf('products', {
  Query: {
    products: (_parent: unknown, { after }: { after?: string | null }) => pageAfter(after),
    product: (_parent: unknown, { handle }: { handle: string }) => productOf(indexOf(handle)),
  },
  Product: {
    __resolveReference: ({ id, handle }: { id?: string; handle?: string }) => productOf(indexOf(id ?? handle ?? '')),
  },
});

const inventory = subgraphOf('inventory', {
  Product: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    availability: ({ id }: { id: string }) => availabilityOf(id),
  },
  ProductVariant: {
    __resolveReference: ({ sku }: { sku: string }) => ({ sku }),
    availability: ({ sku }: { sku: string }) => availabilityOf(sku),
  },
});

const content = subgraphOf('content', {
  Product: {
    __resolveReference: ({ handle }: { handle: string }) => ({ handle }),
    content: ({ handle }: { handle: string }) => contentOf(handle),
  },
});

/**
 * The schema of the whole shop. The three subgraphs that the storefront's two pages touch answer from numbers, as
 * subgraphs without a database would; the other three are there because gateways plan over all of the schema.
 */
export const shopWorld: World = {
  subgraphs: [products, inventory, content, ...['cart', 'checkout', 'shipping'].map((name) => subgraphOf(name))],
  operations: [
    {
      name: 'list',
      query: operation('ProductList').query,
      variablesAt: (index) => ({ after: String(index % pages) }),
    },
    {
      name: 'page',
      query: operation('ProductPage').query,
      variablesAt: (index) => ({ handle: handleOf(index % 100) }),
    },
  ],
};
