import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BothGateways, bothGateways } from './stock/both-gateways.ts';

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const book = { __typename: 'Book', id: 'b1', name: 'Tides' };
const film = { __typename: 'Film', id: 'f1', name: 'Harbour' };
const itemOf = ({ id }: { id: string }) => [book, film].find((item) => item.id === id);

/** One subgraph tells of two types what is called the same and is something else. */
const subgraphs = {
  titles: {
    typeDefs: `
      ${federation}
      type Query { book: Book film: Film items: [Item!] echo(toString: Boolean, constructor: String): String }
      interface Item @key(fields: "id") { id: ID! name: String }
      type Book implements Item @key(fields: "id") { id: ID! name: String next: Book length: Int @shareable }
      type Film implements Item @key(fields: "id") { id: ID! name: String length: Int }
    `,
    resolvers: {
      Query: {
        book: () => book,
        film: () => film,
        items: () => [book, film],
        echo: (_: unknown, given: object) => JSON.stringify(given),
      },
      Item: { __resolveReference: itemOf },
      Book: { next: () => book, length: () => 1 },
      Film: { length: () => 2 },
    },
  },
  shelves: {
    typeDefs: `
      ${federation}
      interface Item @key(fields: "id") { id: ID! place(n: Int): String }
      type Book implements Item @key(fields: "id") {
        id: ID! place(n: Int): String state: BookState size: Int! tag(n: Int): String box: Box pages: Int! length: Int! @shareable
      }
      type Film implements Item @key(fields: "id") {
        id: ID! place(n: Int): String state: FilmState size: Int tag(n: Int): String box: Case minutes: String
      }
      type Box { v: Int! }
      type Case { v: String }
      enum BookState { IN OUT }
      enum FilmState { SHOWN }
    `,
    resolvers: {
      Item: { __resolveReference: itemOf },
      Book: {
        __resolveReference: (reference: object) => reference,
        place: (_: unknown, { n }: { n: number }) => `book at ${n}`,
        state: () => 'IN',
        size: () => 1,
        tag: (_: unknown, { n }: { n: number }) => `book ${n}`,
        box: () => ({ v: 1 }),
        pages: () => 3,
        length: () => 1,
      },
      Film: {
        __resolveReference: (reference: object) => reference,
        place: (_: unknown, { n }: { n: number }) => `film at ${n}`,
        state: () => 'SHOWN',
        size: () => 2,
        tag: (_: unknown, { n }: { n: number }) => `film ${n}`,
        box: () => ({ v: 'x' }),
        minutes: () => '90',
      },
    },
  },
};

let gateways: BothGateways;
beforeAll(async () => {
  gateways = await bothGateways(subgraphs);
});
afterAll(() => gateways.close());

async function compare(query: string, variables: Record<string, unknown> = {}): Promise<number> {
  const [stock, { calls, ...ours }] = await Promise.all([
    gateways.stock(query, variables),
    gateways.ours(query, variables),
  ]);
  expect(ours.data, query).toEqual(stock.data);
  expect(ours.errors, query).toEqual(stock.errors);
  return calls;
}

test.each([
  ['of one type are', '{ book { size } film { minutes tag(n: 1) } }', 2],
  ['with arguments of their own are', '{ book { tag(n: 1) } film { tag(n: 2) } }', 2],
  ['of different enums are not', '{ book { state } film { state } }', 3],
  ['of which one is never null are not', '{ book { size } film { size } }', 3],
  ['that differ further down are not', '{ book { box { v } } film { box { v } } }', 3],
])('fields %s asked for in one call', async (_what, query, calls) => {
  expect(await compare(query)).toBe(calls);
});

test.each([
  '{ items { t: __typename ... on Book { pages } } book { t: __typename } }',
  '{ items { id: name ... on Book { next { id: name pages } pages } } book { id: name pages next { pages } } }',
  'query Q($a: Boolean!, $b: Boolean!) { items { ... on Book @include(if: $a) { pages } ... on Film @include(if: $b) { minutes } } book { pages } film { minutes } }',
  'query Q($a: Boolean!, $b: Boolean!) { book { pages } film { minutes } items { ... on Book @include(if: $b) { pages } ... on Film @include(if: $a) { minutes } } }',
])('%s: as the stock gateway answers', async (query) => {
  await compare(query, { a: true, b: false });
  await compare(query, { a: false, b: true });
});

/** What is asked of an interface is asked of its objects too: of an entity more may come than one step of the plan wants. */
test.each([
  '{ items { place(n: 1) y: name } book { y: tag(n: 2) } film { y: minutes } }',
  '{ items { place(n: 1) ... on Book { tag(n: 1) } } book { tag(n: 1) } film { tag(n: 1) } }',
  '{ items { y: place(n: 1) ... on Book { tag(n: 1) } ... on Film { tag(n: 3) } } book { y: tag(n: 1) place(n: 1) } }',
  '{ items { ... on Book { x: place(n: 1) } ... on Film { x: tag(n: 2) } ... on Item { y: place(n: 3) } } film { x: tag(n: 2) y: id } }',
])('%s: of interfaces and their objects as the stock gateway answers', async (query) => {
  await compare(query);
});

test('names of an object’s own functions are names like others', async () => {
  const { data } = await gateways.ours(
    `query Q($toString: Boolean = true, $constructor: String) {
      echo(toString: $toString, constructor: $constructor)
      constructor: book @include(if: $toString) { toString: pages valueOf: id }
    }`,
    {},
  );
  expect(data).toEqual({ echo: '{"toString":true}', constructor: { toString: 3, valueOf: 'b1' } });
});
