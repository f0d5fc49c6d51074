import type { SubgraphCall } from '@mercato/subgraph-server';
import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeFeed, ChangeFollower } from '../src/caching/entity-cache/changes.ts';
import type { RouterOptions } from '../src/index.ts';
import { type GraphOfTest, graphOf } from './graph/graph-of.ts';
import { type Answered, type AskOptions, ask } from './graph/running-graph.ts';

const head = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9",
      import: ["@key", "@authenticated", "@requiresScopes", "@composeDirective", "@shareable"])
    @link(url: "https://mercato.dev/specs/cacheControl/v0.1", import: ["@cacheControl"])
    @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
`;
const catalogSdl = `${head}
  type Query {
    product(id: ID!): Product @cacheControl(maxAge: 60)
    products: [Product!] @cacheControl(maxAge: 60)
    unstated: Loose
    viewer: Viewer @cacheControl(maxAge: 60, scope: PRIVATE)
    wallet: Wallet
    thing: Thing @cacheControl(maxAge: 60)
  }
  type Mutation { rename(id: ID!, title: String!): Product }
  type Product @key(fields: "id") @cacheControl(maxAge: 300) {
    id: ID!
    title(in: String): String
    mine: String @cacheControl(scope: PRIVATE)
    cost: Int @authenticated
    margin: Int @requiresScopes(scopes: [["margin"]])
    loose: Loose
    twin: Product
  }
  type Loose { x: Int }
  type Wallet @key(fields: "id") @cacheControl(maxAge: 60, scope: PRIVATE) { id: ID! }
  interface Thing { x: Int }
  type Own implements Thing @cacheControl(scope: PRIVATE) { x: Int y: Int }
  type Viewer { id: ID }
`;
const stockSdl = `${head}
  type Query { warehouses: Int }
  type Mutation { restock: Int }
  type Product @key(fields: "id") {
    id: ID!
    available: Int @cacheControl(maxAge: 60)
    sold: Int
    wobbly: Int @cacheControl(maxAge: 60)
  }
  type Wallet @key(fields: "id") { id: ID! balance: Int }
`;

/** What the test's subgraphs were asked. */
let calls: string[];
let titles: Map<string, string>;
let wobbles: ReadonlySet<string>;
let available: number;
/** Called while a subgraph answers. */
let during: (call: string) => Promise<void> | void;
let graph: GraphOfTest;
let follower: ChangeFollower;
const feed: ChangeFeed = {
  isUpToDate: false,
  follow: (given) => {
    follower = given;
  },
  close: async () => {},
};

const subgraphs = () => {
  const seen = async (what: string) => {
    calls.push(what);
    await during(what);
  };
  /** Staff sees what is in the works, though the schema does not say so. */
  const shown = (id: string, { viewer }: SubgraphCall) =>
    titles.has(id) && (id !== 'draft' || viewer.scopes.includes('catalog:read')) ? { id } : null;
  return {
    catalog: {
      sdl: catalogSdl,
      resolvers: {
        Query: {
          product: async (_: unknown, { id }: { id: string }, call: SubgraphCall) => {
            const found = shown(id, call) && { id, title: titles.get(id) };
            await seen(`product ${id}`);
            return found;
          },
          products: async (_: unknown, _args: unknown, call: SubgraphCall) => {
            await seen('products');
            return [...titles.keys()].flatMap((id) => shown(id, call) ?? []);
          },
          unstated: async () => {
            await seen('unstated');
            return { x: 1 };
          },
          wallet: async () => {
            await seen('wallet');
            return { id: '1' };
          },
          thing: async () => {
            await seen('thing');
            return { x: 1, y: 2 };
          },
          viewer: async (_: unknown, _args: unknown, { viewer }: SubgraphCall) => {
            await seen('viewer');
            return { id: viewer.id };
          },
        },
        Mutation: {
          rename: (_: unknown, { id, title }: { id: string; title: string }) => {
            titles.set(id, title);
            return { id };
          },
        },
        Product: {
          __resolveReference: async ({ id }: { id: string }, call: SubgraphCall) => {
            await seen(`entity ${id}`);
            return shown(id, call);
          },
          title: (product: { id: string; title?: string }, args: { in?: string }) =>
            (product.title ?? titles.get(product.id)) + (args.in ? ` (${args.in})` : ''),
          mine: (_: unknown, _args: unknown, { viewer }: SubgraphCall) => `of ${viewer.id}`,
          cost: () => 7,
          margin: () => 3,
          loose: () => ({ x: 1 }),
          twin: () => ({ id: '2' }),
        },
        Thing: { __resolveType: () => 'Own' },
      },
    },
    stock: {
      sdl: stockSdl,
      resolvers: {
        Query: { warehouses: () => 1 },
        Mutation: {
          restock: () => {
            available += 1;
            return available;
          },
        },
        Product: {
          __resolveReference: async ({ id }: { id: string }) => {
            await seen(`stock ${id}`);
            return { id };
          },
          available: () => available,
          sold: () => 4,
          wobbly: ({ id }: { id: string }) => {
            if (wobbles.has(id)) throw new GraphQLError('Not now.', { extensions: { code: 'NOT_FOUND' } });
            return 1;
          },
        },
        Wallet: {
          __resolveReference: async ({ id }: { id: string }) => {
            await seen(`wallet ${id}`);
            return { id };
          },
          balance: (_: unknown, _args: unknown, { viewer }: SubgraphCall) => (viewer.kind === 'guest' ? 0 : 100),
        },
      },
    },
  };
};

const start = async (options: Partial<RouterOptions> = {}) => {
  graph = await graphOf(subgraphs(), { entityCache: { maxBytes: 1_000_000, changes: feed }, ...options });
};
beforeEach(async () => {
  calls = [];
  titles = new Map([1, 2, 3].map((id) => [String(id), `Product ${id}`]));
  wobbles = new Set();
  available = 5;
  during = () => {};
  await start();
});
afterEach(() => graph.close());

const query = (text: string, options?: AskOptions): Promise<Answered> => ask(graph.router.url, text, options);
const data = async (text: string, options?: AskOptions) => {
  const { data: given, errors } = await query(text, options);
  expect(errors).toEqual([]);
  return given;
};
/** What the subgraphs were asked meanwhile. */
const askedFor = async (work: () => Promise<unknown>): Promise<string[]> => {
  calls = [];
  await work();
  return calls;
};
const changed = (type: string, ...keys: string[]) =>
  follower.heard({ subgraph: 'catalog', changes: [keys.length > 0 ? { type, keys } : { type }], number: undefined });

describe('what is asked again', () => {
  test('is not asked of the subgraph: whole answers from the root, and entities', async () => {
    const text = '{ products { id title available } }';
    const first = await data(text);
    expect(await askedFor(async () => expect(await data(text)).toEqual(first))).toEqual([]);
    expect(graph.router.entityCache()).toMatchObject({ hits: 4, misses: 4, stores: 4, invalidations: 0, entries: 4 });
  });

  test('by another name, or as part of another operation, is the same', async () => {
    await data('query A { product(id: "1") { title available } }');
    expect(await askedFor(() => data('query B { product(id: "1") { title available } }'))).toEqual([]);
  });

  test('of several entities only those that are not known are asked for, and each gets its own', async () => {
    await data('{ product(id: "2") { available } }');
    const text = '{ products { id available } }';
    expect(await askedFor(() => data(text))).toEqual(['products', 'stock 1', 'stock 3']);
    expect(await data(text)).toEqual({
      products: [1, 2, 3].map((id) => ({ id: String(id), available: 5 })),
    });
  });

  test('with other arguments, variables or languages is something else', async () => {
    const text = 'query ($in: String) { product(id: "1") { title(in: $in) } }';
    for (const [language, translated] of [
      ['de', 'Product 1 (de)'],
      ['fr', 'Product 1 (fr)'],
      ['de', 'Product 1 (de)'],
    ]) {
      expect(await data(text, { variables: { in: language } })).toEqual({ product: { title: translated } });
    }
    expect(calls).toHaveLength(2);
    const again = { variables: { in: 'de' }, headers: { 'accept-language': 'fr' } };
    expect(await askedFor(() => data(text, again))).toHaveLength(1);
  });

  test('that there is none is an answer too, until there is', async () => {
    const text = '{ product(id: "9") { title } }';
    expect(await data(text)).toEqual({ product: null });
    expect(await askedFor(() => data(text))).toEqual([]);
    titles.set('9', 'New');
    changed('Product', '9');
    expect(await data(text)).toEqual({ product: { title: 'New' } });
  });

  test('what one operation writes into its answer does not show in the next', async () => {
    await data('{ products { n: available } }');
    await data('{ products { id n: title available } }');
    expect(await data('{ products { n: available } }')).toEqual({ products: [{ n: 5 }, { n: 5 }, { n: 5 }] });
  });
});

describe('what is never kept', () => {
  test.each([
    ['a field that is private, beside one that is not', '{ product(id: "1") { title mine } }', 'product 1'],
    ['a private root field', '{ viewer { id } }', 'viewer'],
    ['a root field without a lifetime', '{ unstated { x } }', 'unstated'],
    ['an object without a lifetime', '{ product(id: "1") { loose { x } } }', 'product 1'],
  ])('%s', async (_what, text, call) => {
    for (const subject of ['staff', 'customer', 'staff'] as const) {
      const headers = await graph.bearer(subject, 'margin');
      expect(await askedFor(() => data(text, { headers }))).toEqual([call]);
    }
    expect(graph.router.entityCache()).toMatchObject({ stores: 0, hits: 0 });
  });

  test.each(['cost', 'margin'])('what the schema asks rights for: %s', async (field) => {
    const headers = await graph.bearer('staff', 'margin');
    for (let time = 0; time < 2; time += 1) {
      expect(await askedFor(() => data(`{ product(id: "1") { title ${field} } }`, { headers }))).toEqual(['product 1']);
    }
    const { data: denied } = await query(`{ product(id: "1") { title ${field} } }`);
    expect(denied).toEqual({ product: { title: 'Product 1', [field]: null } });
  });

  test('an entity of a type that is private, though a subgraph that adds to it does not say so', async () => {
    const text = '{ wallet { balance } }';
    const headers = await graph.bearer('customer');
    for (const [options, balance] of [
      [{ headers }, 100],
      [{}, 0],
      [{ headers }, 100],
    ] as const) {
      const calls = await askedFor(async () => expect(await data(text, options)).toEqual({ wallet: { balance } }));
      expect(calls).toEqual(['wallet', 'wallet 1']);
    }
    expect(graph.router.entityCache()).toMatchObject({ stores: 0, hits: 0 });
  });

  test.each(['{ thing { x } }', '{ thing { ... on Own { y } } }', '{ thing { ...F } } fragment F on Own { y }'])(
    'an object of a type that is private, behind one that is not: %s',
    async (text) => {
      for (let time = 0; time < 2; time += 1) expect(await askedFor(() => data(text))).toEqual(['thing']);
    },
  );

  test('a value without a lifetime, of an entity whose subgraph states none but for others', async () => {
    // The type's own lifetime is stated in one subgraph, and holds for it as in Cache-Control.
    await data('{ product(id: "1") { sold } }');
    expect(graph.router.entityCache()).toMatchObject({ stores: 2 });
  });

  test('an entity with an error, while those beside it are', async () => {
    wobbles = new Set(['2']);
    const text = '{ products { id wobbly } }';
    const { errors } = await query(text);
    expect(errors).toMatchObject([{ path: ['products', 1, 'wobbly'] }]);
    const again = await query(text);
    expect(again.errors).toMatchObject([{ path: ['products', 1, 'wobbly'] }]);
    expect(again.data).toEqual({
      products: [
        { id: '1', wobbly: 1 },
        { id: '2', wobbly: null },
        { id: '3', wobbly: 1 },
      ],
    });
    expect(calls).toEqual(['products', 'stock 1', 'stock 2', 'stock 3', 'stock 2']);
  });
});

test('where the subgraph gives no answer, what is kept is there and the rest is told of', async () => {
  await graph.close();
  await start({ timeouts: { subgraph: 300 } });
  await data('{ product(id: "1") { available } }');
  during = (call) => (call.startsWith('stock') ? new Promise(() => {}) : undefined);
  const { data: given, errors } = await query('{ products { id available } }');
  expect(given).toEqual({
    products: [
      { id: '1', available: 5 },
      { id: '2', available: null },
      { id: '3', available: null },
    ],
  });
  expect(errors).toMatchObject([
    { path: ['products', 1, 'available'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'stock' } },
  ]);
});

describe('who shares', () => {
  test('viewers of one kind with the same rights, whoever they are', async () => {
    const text = '{ products { title } }';
    expect(await askedFor(async () => data(text, { headers: await graph.bearer('staff', 'a', 'b') }))).toHaveLength(1);
    expect(await askedFor(async () => data(text, { headers: await graph.bearer('staff', 'b', 'a') }))).toEqual([]);
  });

  test('nobody who may see something else, though the schema does not say so', async () => {
    titles.set('draft', 'In the works');
    const text = '{ product(id: "draft") { title } products { id } }';
    const staff = { headers: await graph.bearer('staff', 'catalog:read') };
    const seesAll = { product: { title: 'In the works' }, products: ['1', '2', '3', 'draft'].map((id) => ({ id })) };
    const seesSome = { product: null, products: ['1', '2', '3'].map((id) => ({ id })) };
    for (let time = 0; time < 2; time += 1) {
      expect(await data(text, staff)).toEqual(seesAll);
      expect(await data(text)).toEqual(seesSome);
      expect(await data(text, { headers: await graph.bearer('staff') })).toEqual(seesSome);
      expect(await data(text, { headers: await graph.bearer('partner', 'catalog:read') })).toEqual(seesAll);
    }
    expect(calls).toHaveLength(8);
  });
});

describe('what changes', () => {
  test('ends what it is part of, and nothing else', async () => {
    for (const id of ['1', '2']) await data(`{ product(id: "${id}") { id title available } }`);
    titles.set('1', 'Renamed');
    changed('Product', '1');
    expect(await data('{ product(id: "1") { id title available } }')).toMatchObject({ product: { title: 'Renamed' } });
    // What another subgraph says of it has not changed.
    expect(calls.slice(4)).toEqual(['product 1']);
    expect(await askedFor(() => data('{ product(id: "2") { id title available } }'))).toEqual([]);
  });

  test('ends lists and searches of its type', async () => {
    const text = '{ products { title } }';
    await data(text);
    titles.set('4', 'New');
    changed('Product', '4');
    expect(await data(text)).toMatchObject({ products: [{}, {}, {}, { title: 'New' }] });
  });

  test('ends the answers that show it within another', async () => {
    const text = '{ product(id: "1") { id twin { id title } } }';
    await data(text);
    titles.set('2', 'Twin');
    changed('Product', '2');
    expect(await data(text)).toEqual({ product: { id: '1', twin: { id: '2', title: 'Twin' } } });
  });

  test('of a whole type ends all of it', async () => {
    await data('{ product(id: "1") { id title } }');
    titles.set('1', 'Renamed');
    changed('Product');
    expect(await data('{ product(id: "1") { id title } }')).toEqual({ product: { id: '1', title: 'Renamed' } });
  });

  test('while it is asked for: what left before is not kept, nor joined', async () => {
    const text = '{ product(id: "1") { id title } }';
    during = () => {
      during = () => {};
      // The subgraph has read what it answers, and now it changes.
      titles.set('1', 'Renamed');
      changed('Product', '1');
    };
    expect(await data(text)).toMatchObject({ product: { title: 'Product 1' } });
    expect(await data(text)).toMatchObject({ product: { title: 'Renamed' } });
  });

  test('unheard: nothing from before holds, nor what was under way', async () => {
    const text = '{ product(id: "1") { id title } }';
    await data(text);
    titles.set('1', 'Renamed');
    follower.missed();
    during = () => {
      during = () => {};
      titles.set('1', 'Renamed again');
      follower.missed();
    };
    expect(await data(text)).toMatchObject({ product: { title: 'Renamed' } });
    expect(await data(text)).toMatchObject({ product: { title: 'Renamed again' } });
  });

  test('by numbers that begin anew, as of a Redis that was replaced, ends what it is part of', async () => {
    const tell = (number: number) =>
      follower.heard({ subgraph: 'catalog', changes: [{ type: 'Product', keys: ['1'] }], number });
    const text = '{ product(id: "1") { title } }';
    tell(1_000);
    follower.missed();
    expect(await askedFor(() => data(text))).toEqual(['product 1']);
    expect(await askedFor(() => data(text))).toEqual([]);
    tell(5);
    expect(await askedFor(() => data(text))).toEqual(['product 1']);
    expect(await askedFor(() => data(text))).toEqual([]);
    tell(6);
    expect(await askedFor(() => data(text))).toEqual(['product 1']);
  });
});

describe('who changes something', () => {
  test('reads it at once, as guests and with a credential, before anyone is told', async () => {
    const text = '{ product(id: "1") { id title } }';
    for (const headers of [{}, await graph.bearer('customer')]) {
      await data(text, { headers });
      const title = `Renamed by ${JSON.stringify(headers).length}`;
      await data(`mutation { rename(id: "1", title: "${title}") { id } }`, { headers });
      expect(await data(text, { headers })).toEqual({ product: { id: '1', title } });
    }
  });

  test('does not lose what is kept of other subgraphs', async () => {
    await data('{ product(id: "1") { title } }');
    await data('mutation { restock }');
    expect(await askedFor(() => data('{ product(id: "1") { title } }'))).toEqual([]);
  });

  test('sees what it did within the same operation', async () => {
    await data('{ product(id: "1") { available } }');
    expect(await askedFor(() => data('mutation { rename(id: "1", title: "x") { available title } }'))).toContain(
      'stock 1',
    );
  });
});

test('what was kept for a while is not kept elsewhere for longer than the rest', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const kept = async () => (await query('{ product(id: "1") { title } }')).headers.get('cache-control');
    expect(await kept()).toBe('public, max-age=60');
    vi.setSystemTime(Date.now() + 20_500);
    expect(await kept()).toBe('public, max-age=39');
    vi.setSystemTime(Date.now() + 39_000);
    expect(await kept()).toBe('no-store');
    vi.setSystemTime(Date.now() + 1_000);
    expect(await askedFor(async () => expect(await kept()).toBe('public, max-age=60'))).toEqual(['product 1']);
  } finally {
    vi.useRealTimers();
  }
});

test('off, everything is asked for each time', async () => {
  await graph.close();
  await start({ entityCache: undefined });
  const text = '{ products { id title } }';
  expect(await askedFor(async () => [await data(text), await data(text)])).toEqual(['products', 'products']);
  expect(graph.router.entityCache()).toBeUndefined();
});

test('takes no more memory than it may', async () => {
  await graph.close();
  await start({ entityCache: { maxBytes: 20_000, changes: feed } });
  for (let n = 0; n < 60; n += 1) await data(`{ product(id: "1") { title(in: "${n}") } }`);
  const { entries, bytes } = graph.router.entityCache() ?? { entries: 0, bytes: 0 };
  expect(entries).toBeGreaterThan(5);
  expect(bytes).toBeLessThanOrEqual(20_000);
});
