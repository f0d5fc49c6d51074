import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BothGateways, bothGateways } from './stock/both-gateways.ts';

const federation = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const books = [
  { id: 'b1', name: 'b2' },
  { id: 'b2', name: 'Sparks' },
];
const bookOf = (id: string) => ({ __typename: 'Book', ...books.find((book) => book.id === id) });

/** What one subgraph shows of a book is taken where another leads to the same book. */
const subgraphs = {
  titles: {
    typeDefs: `
      ${federation}
      type Query { book(id: ID!): Book }
      type Book @key(fields: "id") { id: ID! name: String kind: String fragile: String }
    `,
    resolvers: {
      Query: { book: (_: unknown, { id }: { id: string }) => bookOf(id) },
      Book: {
        __resolveReference: ({ id }: { id: string }) => bookOf(id),
        kind: ({ id }: { id: string }) => `kind of ${id}`,
        fragile: () => {
          throw new GraphQLError('Not this one.', { extensions: { code: 'FORBIDDEN' } });
        },
      },
    },
  },
  shelves: {
    typeDefs: `${federation} type Query { shown: Book } type Book @key(fields: "id") { id: ID! size: Int }`,
    resolvers: {
      Query: { shown: () => ({ __typename: 'Book', id: 'b2' }) },
      Book: { __resolveReference: (reference: object) => reference, size: () => 1 },
    },
  },
};

let gateways: BothGateways;
beforeAll(async () => {
  gateways = await bothGateways(subgraphs);
});
afterAll(() => gateways.close());

test.each([
  ['the same book', '{ book(id: "b2") { kind size } shown { kind } }', 3],
  ['one whose name is called its id', '{ book(id: "b1") { id: name kind size } shown { kind } }', 4],
  [
    'one whose name is called its id, of which no key is read',
    '{ book(id: "b1") { __typename id: name kind } shown { kind } }',
    3,
  ],
  [
    'the same in a fragment',
    '{ book(id: "b1") { __typename kind ...N } shown { kind } } fragment N on Book { id: name }',
    3,
  ],
  ['one whose field failed', '{ book(id: "b2") { fragile size } shown { fragile } }', 4],
])('%s', async (_what, query, most) => {
  const [stock, { calls, paths: _paths, ...ours }] = await Promise.all([
    gateways.stock(query, {}),
    gateways.ours(query, {}),
  ]);
  expect(ours).toEqual(stock);
  expect(calls).toBeLessThanOrEqual(most);
});
