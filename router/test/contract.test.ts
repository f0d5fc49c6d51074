import { GraphQLError, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphOfTest, graphOf } from './graph/graph-of.ts';
import { type Answered, ask } from './graph/running-graph.ts';

const federation = (...names: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names.map((name) => `"@${name}"`)}])`;

const products = {
  sdl: `
    ${federation('key', 'tag')}
    type Query {
      product(id: ID!): Product @tag(name: "partner")
      things: [Thing!] @tag(name: "partner")
      level: Level @tag(name: "partner")
      margins: [Int!]
    }
    type Mutation {
      count(sku: String!): Int @tag(name: "partner")
      reprice(sku: String!): Int
    }
    type Product @key(fields: "id") {
      id: ID!
      title: String! @tag(name: "partner")
      weightInGrams: Int
      supplier: Supplier
    }
    type Supplier { name: String }
    union Thing @tag(name: "partner") = Book | Contraband
    type Book @tag(name: "partner") { title: String }
    type Contraband { title: String }
    enum Level { HIGH INTERNAL_ONLY @tag(name: "secret") }
  `,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: { id: string }) => ({ id, title: `Product ${id}` }),
      things: () => [
        { __typename: 'Book', title: 'A book' },
        { __typename: 'Contraband', title: 'Something else' },
      ],
      level: () => 'INTERNAL_ONLY',
      margins: () => [1],
    },
    Mutation: { count: () => 1, reprice: () => 1 },
    Product: {
      __resolveReference: ({ id }: { id: string }) => ({ id, title: `Product ${id}` }),
      weightInGrams: ({ id }: { id: string }) => {
        if (id === 'broken')
          throw new GraphQLError('The scales are broken.', { extensions: { code: 'BAD_USER_INPUT' } });
        return 500;
      },
    },
  },
};

const shipping = {
  sdl: `
    ${federation('key', 'external', 'requires', 'tag')}
    type Product @key(fields: "id") {
      id: ID!
      weightInGrams: Int @external
      rate: Int @requires(fields: "weightInGrams") @tag(name: "partner")
    }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      rate: ({ weightInGrams }: { weightInGrams: number | null }) => weightInGrams && weightInGrams * 2,
    },
  },
};

let graph: GraphOfTest;
beforeAll(async () => {
  const contracts = { partner: { include: ['partner'], exclude: ['secret'] } };
  graph = await graphOf({ products, shipping }, { contracts });
});
afterAll(() => graph.close());

const partner = (query: string, headers?: Record<string, string>): Promise<Answered> =>
  ask(`${graph.router.url}/partner`, query, headers ? { headers } : {});
const all = (query: string): Promise<Answered> => ask(graph.router.url, query);

/** What nobody may hear of at the contract's address. */
const hidden = /margins|reprice|weightInGrams|supplier|Contraband|INTERNAL_ONLY|CacheControl|Something else/i;

describe('what is in the contract', () => {
  test('is answered, with keys and required fields that are not', async () => {
    expect((await partner('{ product(id: "7") { title rate } }')).data).toEqual({
      product: { title: 'Product 7', rate: 1000 },
    });
    expect((await partner('mutation { count(sku: "x") }')).data).toEqual({ count: 1 });
  });

  test('is answered by GET, under the same rules', async () => {
    const address = `${graph.router.url}/partner/graphql?query=${encodeURIComponent('{ product(id: "7") { title } }')}`;
    expect((await fetch(address)).status).toBe(400);
    const read = await fetch(address, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(await read.json()).toEqual({ data: { product: { title: 'Product 7' } } });
  });

  test('is under the same identity', async () => {
    const refused = await partner('{ product(id: "7") { title } }', { authorization: 'Bearer forged' });
    expect(refused.status).toBe(401);
    const taken = await partner('{ product(id: "7") { title } }', await graph.bearer('partner'));
    expect(taken.status).toBe(200);
    expect(graph.log.at(-1)).toMatchObject({ msg: 'operation', viewer: 'partner' });
  });

  test('is under the same limits', async () => {
    const aliases = Array.from({ length: 3_000 }, (_, index) => `a${index}: __typename`).join(' ');
    const outcome = (answer: Answered) => answer.errors.map(({ extensions }) => extensions.code);
    expect(outcome(await partner(`{ ${aliases} }`))).toEqual(outcome(await all(`{ ${aliases} }`)));
    expect(outcome(await partner(`{ ${aliases} }`))).not.toEqual([]);
  });
});

describe('what is outside does not exist', () => {
  test('in introspection', async () => {
    const { text } = await partner(getIntrospectionQuery());
    expect(text).toContain('"rate"');
    expect(text).not.toMatch(hidden);
    expect(text).not.toMatch(/join__|link__|"Product.id"/);
    expect((await all(getIntrospectionQuery())).text).toMatch(hidden);
    const { data } = await partner('{ __type(name: "Contraband") { name } }');
    expect(data).toEqual({ __type: null });
  });

  test.each([
    ['a root field', '{ margins }', 'Cannot query field "margins" on type "Query".'],
    ['a key', '{ product(id: "7") { id } }', 'Cannot query field "id" on type "Product".'],
    [
      'a field that is fetched all the same',
      '{ product(id: "7") { weightInGrams } }',
      'Cannot query field "weightInGrams" on type "Product".',
    ],
    ['a mutation', 'mutation { reprice(sku: "x") }', 'Cannot query field "reprice" on type "Mutation".'],
    ['a type', '{ things { ... on Contraband { title } } }', 'Unknown type "Contraband".'],
  ])('in documents: %s', async (_what, document, message) => {
    expect((await all(document)).errors).toEqual([]);
    expect((await partner(document)).errors.map((error) => error.message)).toEqual([message]);
  });

  test.each(['{ product(id: "7") { weightInGram } }', '{ margin }', '{ things { ... on Contrabandd { x } } }'])(
    'in suggestions: %s',
    async (document) => {
      expect((await all(document)).text).toMatch(/Did you mean/);
      const { text } = await partner(document);
      expect(text).toMatch(/Cannot query|Unknown type/);
      expect(text.replace(/weightInGram\b|margin\b|Contrabandd/g, '')).not.toMatch(hidden);
    },
  );

  test('in answers: objects of types that are not there, values that are not there', async () => {
    expect((await all('{ things { __typename } level }')).data).toEqual({
      things: [{ __typename: 'Book' }, { __typename: 'Contraband' }],
      level: 'INTERNAL_ONLY',
    });
    const { data, text } = await partner('{ things { __typename ... on Book { title } } level }');
    expect(data).toMatchObject({ level: null });
    expect(text).not.toMatch(hidden);
  });

  test('in the paths of errors of what was fetched for something else', async () => {
    const { data, errors, text } = await partner('{ product(id: "broken") { title cost: rate } }');
    expect(data).toEqual({ product: { title: 'Product broken', cost: null } });
    expect(errors).toMatchObject([{ message: 'The scales are broken.', path: ['product'] }]);
    expect(text).not.toMatch(hidden);
  });
});

test('nothing is served under the name of no contract', async () => {
  const response = await fetch(`${graph.router.url}/others/graphql`, { method: 'POST' });
  expect(response.status).toBe(404);
});

test.each([
  ['that holds nothing', { include: ['nobody'] }, /leave no query/],
  ['whose fields are of types outside', { include: ['half'] }, /Type "Supplier" is @inaccessible but is referenced by/],
])('a contract %s is told at the start', async (_what, filter, problem) => {
  const half = { ...products, sdl: products.sdl.replace('margins: [Int!]', 'half: Supplier @tag(name: "half")') };
  await expect(graphOf({ half, shipping }, { contracts: { odd: filter } })).rejects.toThrow(problem);
});
