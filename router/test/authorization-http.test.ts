import { generateKey } from '@mercato/auth';
import { composeSupergraph } from '@mercato/schema/compose';
import { stripAuth } from '@mercato/schema/strip-auth';
import { Source } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authorizationOf, readRouterEnvironment } from '../src/environment.ts';
import { type Answered, type RunningGraph, runGraph, supergraphSdl } from './graph/running-graph.ts';
import { catalogSdl, stockSdl } from './graph/shop.ts';

type Kind = 'guest' | 'customer' | 'partner' | 'staff';

const errorsOf = ({ errors }: Answered) => errors.map(({ path, extensions }) => [path?.join('.'), extensions.code]);

async function askAs(graph: RunningGraph, kind: Kind, scopes: string[], query: string, variables = {}) {
  const headers: Record<string, string> =
    kind === 'guest' ? {} : { authorization: `Bearer ${await graph.token({ kind, scopes })}` };
  return graph.ask(query, { headers, variables });
}

const called = ({ seen }: RunningGraph) => [...seen.catalog.calls, ...seen.stock.calls].map(({ field }) => field);

describe('who may see what', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph();
  });
  afterAll(() => graph.close());
  beforeEach(() => {
    graph.seen.catalog.calls.length = 0;
    graph.seen.stock.calls.length = 0;
  });

  const query = '{ product(id: "1") { title cost reserved } secret ledger { by } }';
  const ledger = [{ by: 3 }, { by: -1 }];

  test.each<[Kind, string[], unknown, unknown[]]>([
    [
      'guest',
      [],
      { product: { title: 'Product 1', cost: null, reserved: null }, secret: null, ledger: null },
      [
        ['product.cost', 'UNAUTHENTICATED'],
        ['product.reserved', 'UNAUTHENTICATED'],
        ['secret', 'UNAUTHENTICATED'],
        ['ledger', 'UNAUTHENTICATED'],
      ],
    ],
    [
      'customer',
      [],
      { product: { title: 'Product 1', cost: null, reserved: 2 }, secret: null, ledger },
      [
        ['product.cost', 'FORBIDDEN'],
        ['secret', 'FORBIDDEN'],
      ],
    ],
    [
      'partner',
      ['catalog:read'],
      { product: { title: 'Product 1', cost: 100, reserved: 2 }, secret: null, ledger },
      [['secret', 'FORBIDDEN']],
    ],
    [
      'staff',
      ['catalog:write'],
      { product: { title: 'Product 1', cost: 100, reserved: 2 }, secret: null, ledger },
      [['secret', 'FORBIDDEN']],
    ],
    [
      'staff',
      ['catalog:write', 'secret:read'],
      { product: { title: 'Product 1', cost: 100, reserved: 2 }, secret: 'the secret', ledger },
      [],
    ],
  ])('%s with %j', async (kind, scopes, data, errors) => {
    const answer = await askAs(graph, kind, scopes, query);
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual(data);
    expect(errorsOf(answer)).toEqual(errors);
  });

  test('what is denied is not asked of anyone', async () => {
    expect((await askAs(graph, 'guest', [], query)).data).toMatchObject({ product: { title: 'Product 1' } });
    expect(called(graph)).toEqual(['product']);
    await askAs(graph, 'guest', [], '{ ledger { by } secret }');
    expect(called(graph)).toEqual(['product']);
    await askAs(graph, 'customer', [], query);
    expect(called(graph).sort()).toEqual(['ledger', 'product', 'product', 'reserved']);
  });

  test('a subgraph of which all is denied may be down', async () => {
    await graph.stop('stock');
    const answer = await askAs(graph, 'guest', [], '{ products { title reserved } ledger { by } }');
    await graph.start('stock');
    expect(answer.data).toEqual({
      products: [1, 2, 3].map((id) => ({ title: `Product ${id}`, reserved: null })),
      ledger: null,
    });
    expect(errorsOf(answer)).toEqual([
      ['products.@.reserved', 'UNAUTHENTICATED'],
      ['ledger', 'UNAUTHENTICATED'],
    ]);
  });

  test('of an entity of which all is denied clients learn that it is there', async () => {
    const answer = await askAs(
      graph,
      'customer',
      [],
      '{ a: product(id: "1") { cost } b: product(id: "none") { cost } }',
    );
    expect(answer.data).toEqual({ a: { cost: null }, b: null });
  });

  test('messages name what is missing', async () => {
    const [error] = (await askAs(graph, 'staff', [], '{ product(id: "1") { cost } }')).errors;
    expect(error?.message).toBe('This needs the scope catalog:read, or catalog:write.');
  });

  test('variables, aliases and fragments reach what is left', async () => {
    const document = `
      query Card($id: ID!, $plus: Int, $staff: Boolean = false) {
        first: product(id: $id) { ...Card ...Inside @include(if: $staff) }
      }
      fragment Card on Product { name: title available(plus: $plus) }
      fragment Inside on Product { cost parent { ...Card cost } }
    `;
    const plain = { name: 'Product 2', available: 10 };
    const without = await askAs(graph, 'customer', [], document, { id: '2', plus: 3 });
    expect([without.data, without.errors]).toEqual([{ first: plain }, []]);
    const denied = await askAs(graph, 'customer', [], document, { id: '2', plus: 3, staff: true });
    expect(denied.data).toEqual({ first: { ...plain, cost: null, parent: { ...plain, cost: null } } });
    expect(errorsOf(denied)).toEqual([
      ['first.cost', 'FORBIDDEN'],
      ['first.parent.cost', 'FORBIDDEN'],
    ]);
  });

  test('of a mutation with a denied field nothing is done', async () => {
    const mutation = 'mutation { rename(id: "3", title: "New") { title } reprice(id: "3", cost: 1) { title } }';
    const refused = await askAs(graph, 'customer', [], mutation);
    expect(refused.data).toBeUndefined();
    expect(errorsOf(refused)).toEqual([['reprice', 'FORBIDDEN']]);
    expect(called(graph)).toEqual([]);
    const done = await askAs(graph, 'staff', ['catalog:write'], mutation);
    expect(done.data).toEqual({ rename: { title: 'New' }, reprice: { title: 'New' } });
    await graph.ask('mutation { rename(id: "3", title: "Product 3") { title } }');
  });

  test('what a mutation may do is done, whatever of its answer may not be seen', async () => {
    const answer = await graph.ask('mutation { rename(id: "2", title: "Product 2") { title cost } }');
    expect(answer.data).toEqual({ rename: { title: 'Product 2', cost: null } });
    expect(errorsOf(answer)).toEqual([['rename.cost', 'UNAUTHENTICATED']]);
  });

  test('the graph itself is for everyone, entities are for nobody', async () => {
    const answer = await graph.ask('{ __typename __schema { queryType { name } } secret }');
    expect(answer.data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } }, secret: null });
    const entities = await graph.ask('{ _entities(representations: []) { __typename } }');
    expect(entities.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});

describe('by setting', () => {
  test('an operation of which something is denied is refused', async () => {
    const graph = await runGraph({ authorization: { unauthorized: 'refuse' } });
    const query = 'query ($x: Boolean!) { product(id: "1") { title cost @include(if: $x) } }';
    const refused = await graph.ask(query, { variables: { x: true } });
    expect([refused.data, errorsOf(refused), called(graph)]).toEqual([
      undefined,
      [['product.cost', 'UNAUTHENTICATED']],
      [],
    ]);
    expect((await graph.ask(query, { variables: { x: false } })).data).toEqual({ product: { title: 'Product 1' } });
    await graph.close();
  });

  test('policies hold for whom they are said to, and by whom', async () => {
    const asked: unknown[] = [];
    const graph = await runGraph({
      supergraphSdl: composedOf(
        catalogSdl
          .replace('"@requiresScopes"]', '"@requiresScopes", "@policy"]')
          .replace('whoAmI: String', 'whoAmI: String @policy(policies: [["known"]])'),
        stockSdl,
      ),
      authorization: {
        policies: async (viewer, policies) => {
          asked.push([viewer.kind, policies]);
          return new Set(viewer.kind === 'partner' ? policies : []);
        },
      },
    });
    const query = '{ whoAmI }';
    expect(errorsOf(await askAs(graph, 'staff', [], query))).toEqual([['whoAmI', 'FORBIDDEN']]);
    expect((await askAs(graph, 'partner', [], query)).data).toMatchObject({
      whoAmI: expect.stringContaining('partner'),
    });
    await graph.ask('{ products { title } }');
    expect(asked).toEqual([
      ['staff', ['known']],
      ['partner', ['known']],
    ]);
    await graph.close();
  });
});

describe('the environment', () => {
  const minimal = { SUBGRAPH_URLS: '{}', SIGNING_KEY: JSON.stringify(generateKey()) };

  test('says what becomes of denied fields, and for whom policies hold', () => {
    expect(readRouterEnvironment(minimal)).toMatchObject({ UNAUTHORIZED: 'null', POLICIES: {} });
    const policies = { buyer: { kinds: ['staff'], scopes: ['orders:write'] } };
    const told = readRouterEnvironment({ ...minimal, UNAUTHORIZED: 'refuse', POLICIES: JSON.stringify(policies) });
    expect(told).toMatchObject({ UNAUTHORIZED: 'refuse', POLICIES: policies });
    // The same settings for whoever runs the router within a process of its own.
    const settings = authorizationOf({ UNAUTHORIZED: 'refuse', POLICIES: JSON.stringify(policies) });
    expect(settings.unauthorized).toBe('refuse');
    const staff = { kind: 'staff', id: 'ada', scopes: ['orders:write'] } as const;
    expect(settings.policies(staff, ['buyer', 'seller'])).toEqual(new Set(['buyer']));
    expect(settings.policies({ ...staff, kind: 'customer' }, ['buyer'])).toEqual(new Set());
  });

  test.each([
    [{ UNAUTHORIZED: 'hide' }, /UNAUTHORIZED/],
    [{ POLICIES: '{"open": {}}' }, /POLICIES.*needs "kinds" or "scopes"/s],
    [{ POLICIES: 'buyer' }, /POLICIES.*not JSON/s],
  ])('with %j is refused by name', (wrong, sentence) => {
    expect(() => readRouterEnvironment({ ...minimal, ...wrong })).toThrow(sentence);
  });
});

describe('on both sides', () => {
  test('a denied key is read for other subgraphs, and told to nobody', async () => {
    const graph = await runGraph({
      supergraphSdl: composedOf(
        catalogSdl
          .replace('"@requiresScopes"]', '"@requiresScopes", "@authenticated"]')
          .replace('id: ID!\n', 'id: ID! @authenticated\n'),
        stockSdl.replace(
          'type Product @key(fields: "id") { id: ID!',
          'type Product @key(fields: "id") { id: ID! @authenticated',
        ),
      ),
    });
    const fine = await graph.ask('{ product(id: "2") { title available } }');
    expect([fine.data, fine.errors]).toEqual([{ product: { title: 'Product 2', available: 7 } }, []]);
    const denied = await graph.ask('{ product(id: "2") { title available parent { available id } } }');
    // The id may not be null, so its product is.
    expect(denied.data).toEqual({ product: { title: 'Product 2', available: 7, parent: null } });
    expect(errorsOf(denied)).toEqual([['product.parent.id', 'UNAUTHENTICATED']]);
    await graph.close();
  });

  test('a subgraph refuses by itself what a supergraph says nothing of', async () => {
    const graph = await runGraph({ supergraphSdl: stripAuth(supergraphSdl) });
    const guest = await graph.ask('{ secret }');
    expect(guest.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', service: 'catalog' } }]);
    const without = await askAs(graph, 'staff', [], '{ secret }');
    expect(without.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', service: 'catalog' } }]);
    const allowed = await askAs(graph, 'staff', ['secret:read'], '{ secret }');
    expect([allowed.data, allowed.errors]).toEqual([{ secret: 'the secret' }, []]);
    await graph.close();
  });
});

function composedOf(catalog: string, stock: string): string {
  return composeSupergraph([
    { name: 'catalog', source: new Source(catalog, 'catalog.graphql') },
    { name: 'stock', source: new Source(stock, 'stock.graphql') },
  ]);
}
