import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { supergraphFile } from '@mercato/schema/compose';
import { buildSchema, type GraphQLSchema, Kind, parse, separateOperations, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { CostModel } from '../src/limits/cost/cost-model.ts';
import {
  type CostOptions,
  compileCost,
  defaultCostOptions,
  type OperationCost,
} from '../src/limits/cost/operation-cost.ts';

const directives = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
`;

const schemaOf = (sdl: string): GraphQLSchema => buildSchema(`${directives}${sdl}`);

function costOf(schema: GraphQLSchema, query: string, options: Partial<CostOptions> = {}): OperationCost {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  const all = { ...defaultCostOptions, maximumCost: Number.POSITIVE_INFINITY, ...options };
  return compileCost(new CostModel(schema), document, operation, all);
}

const book = '{ title author { name } publisher { name address { zipCode } } }';
const books = schemaOf(`
  type Query {
    book(id: ID): Book
    bestsellers: [Book] @listSize(assumedSize: 5)
    newestAdditions(after: ID, limit: Int!): [Book] @listSize(slicingArguments: ["limit"])
    shelf: [Book]
  }
  type Mutation { bookAdd(title: String): Book }
  type Book { title: String author: Author publisher: Publisher }
  type Author { name: String }
  type Publisher { name: String address: Address }
  type Address @cost(weight: 5) { zipCode: Int! }
`);

// https://www.apollographql.com/docs/graphos/routing/security/demand-control
describe('as in the examples of Apollo Router’s documentation', () => {
  test.each([
    ['objects 1, a type by its weight', `{ book(id: 1) ${book} }`, 8],
    ['a list of an assumed size', `{ bestsellers ${book} }`, 40],
    ['a list of three by its slicing argument', `{ newestAdditions(limit: 3) ${book} }`, 24],
    ['a list of seven', `{ newestAdditions(limit: 7) ${book} }`, 56],
    ['a list of which nothing is said', '{ shelf { title } }', 10],
    ['only leaves', '{ __typename }', 0],
    ['a mutation', 'mutation { bookAdd(title: "x") { title } }', 11],
  ])('%s', (_what, query, cost) => {
    expect(costOf(books, query).fixed).toBe(cost);
  });
});

// https://ibm.github.io/graphql-specs/cost-spec.html, with weights as text, as its first draft has them
describe('as in the examples of IBM’s specification', () => {
  const schema = buildSchema(`
    directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
    directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
    input Approximate { tolerance: Float }
    input Filter { approx: Approximate @cost(weight: "-12.0") }
    type Product { name: String }
    type Query {
      mostPopularProduct(approx: Approximate @cost(weight: "-3.0")): Product @cost(weight: "5.0")
      cheapest(approx: Approximate @cost(weight: "-30.0")): Product @cost(weight: "5.0")
      topProduct(filter: Filter @cost(weight: "15.0")): String @cost(weight: "5.0")
      posts(first: Int, last: Int): [Product] @listSize(slicingArguments: ["first", "last"])
      users(limit: Int): Users @listSize(slicingArguments: ["limit"], sizedFields: ["edges", "nodes"], assumedSize: 4)
    }
    type Users { edges: [Edge] nodes: [Product] total: Int }
    type Edge { node: Product }
  `);
  test.each([
    ['a field by its weight', '{ mostPopularProduct { name } }', 5],
    ['an argument that makes it cheaper', '{ mostPopularProduct(approx: {}) { name } }', 2],
    ['no field is less than free', '{ cheapest(approx: {}) { name } mostPopularProduct { name } }', 5],
    ['an argument that makes it dearer', '{ topProduct(filter: {}) }', 20],
    ['less so by a field of that argument', '{ topProduct(filter: { approx: {} }) }', 8],
    ['sized fields of a connection', '{ users(limit: 3) { total edges { node { name } } } }', 1 + 3 * 2],
    ['each of them', '{ users(limit: 3) { nodes { name } edges { node { name } } } }', 1 + 3 + 3 * 2],
  ])('%s', (_what, query, cost) => {
    expect(costOf(schema, query).fixed).toBe(cost);
  });

  test.each([
    ['{ posts { name } }', 'none'],
    ['{ posts(first: 1, last: 1) { name } }', 'both'],
    ['{ posts(first: null) { name } }', 'null'],
  ])('exactly one slicing argument is wanted: %s', (query) => {
    expect(() => costOf(schema, query).estimate({})).toThrow(
      'Query.posts wants exactly one of these arguments, which say how long its list may be: first, last.',
    );
  });
});

const shop = schemaOf(`
  input Page { first: Int, size: Int = 3 }
  input Line { sku: String, bundle: [Line!] }
  interface Node { id: ID! related: [Node!] @listSize(assumedSize: 3) }
  interface Priced { price: Money }
  type Money { amount: String }
  type Product implements Node & Priced {
    id: ID! related: [Node!] @listSize(assumedSize: 4) price: Money @cost(weight: 3)
    variants: [Product!] @listSize(assumedSize: 10)
  }
  type Gift implements Node & Priced { id: ID! related: [Node!] price: Money text: Money }
  type Page_ implements Node { id: ID! related: [Node!] blocks: [Money] @listSize(assumedSize: 7) }
  union Hit = Product | Page_
  type Hits { totalCount: Int @cost(weight: 2) nodes: [Hit] pages: HitPages }
  type HitPages { items: [Hit] }
  type Query {
    products(first: Int = 20, last: Int, ids: [ID!]): [Product]
      @listSize(slicingArguments: ["first", "last", "ids"], requireOneSlicingArgument: false, assumedSize: 24)
    byIds(ids: [ID!]): [Product] @listSize(slicingArguments: ["ids"])
    search(first: Int, page: Page): Hits @cost(weight: 5) @listSize(
      slicingArguments: ["first", "page.first", "page.size"], sizedFields: ["nodes", "pages.items"]
      requireOneSlicingArgument: false, assumedSize: 24
    )
    node: Node
    priced: Priced
    grid: [[Money]]
    words: [String]
  }
  type Mutation { order(lines: [Line!], by: Int): Product }
`);

describe('lists', () => {
  test.each([
    ['a literal', '{ products(first: 7) { id } }', {}, 7],
    ['the default of the schema', '{ products { id } }', {}, 20],
    ['null says nothing', '{ products(first: null) { id } }', {}, 20],
    ['a variable', 'query ($n: Int) { products(first: $n) { id } }', { n: 5 }, 5],
    ['a variable that is not given', 'query ($n: Int) { products(first: $n) { id } }', {}, 20],
    ['a variable that is null', 'query ($n: Int) { products(first: $n) { id } }', { n: null }, 20],
    ['the default of a variable', 'query ($n: Int = 9) { products(first: $n) { id } }', {}, 9],
    [
      'a variable named as what objects inherit',
      'query ($constructor: Int) { products(first: $constructor) { id } }',
      {},
      20,
    ],
    ['the larger of two', '{ products(first: 5, last: 50) { id } }', {}, 50],
    ['a negative one costs nothing', '{ products(first: -5) { id } }', {}, 0],
    ['a list of ids', 'query ($ids: [ID!]) { byIds(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['a number no integer can be', 'query ($n: Int) { products(first: $n) { id } }', { n: Infinity }, 2 ** 31 - 1],
    ['no number', 'query ($n: Int) { products(first: $n) { id } }', { n: 'many' }, 24],
    ['within lists', '{ products(first: 5) { variants { id } } }', {}, 5 * (1 + 10)],
    ['lists of lists', '{ grid { amount } }', {}, 100],
    ['of leaves', '{ words }', {}, 0],
    ['a connection of an assumed size', '{ search { totalCount nodes { __typename } } }', {}, 5 + 2 + 24],
    ['a connection', '{ search(first: 3) { totalCount nodes { __typename } } }', {}, 5 + 2 + 3],
    ['sized fields further below', '{ search(first: 3) { pages { items { __typename } } } }', {}, 5 + 1 + 3],
    ['a slice within an argument', '{ search(page: { first: 6 }) { nodes { __typename } } }', {}, 5 + 1 + 6],
    [
      'a slice within a variable',
      'query ($p: Page) { search(page: $p) { nodes { __typename } } }',
      { p: { first: 6 } },
      12,
    ],
    [
      'a variable within an argument',
      'query ($n: Int) { search(page: { first: $n }) { nodes { __typename } } }',
      { n: 6 },
      12,
    ],
  ])('%s', (_what, query, variables, cost) => {
    expect(costOf(shop, query).estimate(variables)).toBe(cost);
  });

  test('lists within lists of any length are a number still', () => {
    const nested = `${'variants { '.repeat(24)}id${' }'.repeat(24)}`;
    const cost = costOf(shop, `query ($n: Int) { products(first: $n) { ${nested} } }`).estimate({ n: 1e300 });
    expect(cost).toBeGreaterThan(1e30);
    expect(Number.isFinite(cost)).toBe(true);
  });
});

describe('selections', () => {
  const variants = 1 + 10;
  test.each([
    ['one field written twice is one', '{ node { id } node { related { id } } }', {}, 1 + 4],
    ['under two names it is two', '{ a: node { id } b: node { id } }', {}, 2],
    [
      'fragments are spread',
      '{ ...Q } fragment Q on Query { node { ...N } } fragment N on Node { id related { id } }',
      {},
      5,
    ],
    ['an interface costs what its dearest type does', '{ node { related { id } } }', {}, 1 + 4],
    [
      'the dearest of possible types',
      '{ node { ... on Product { variants { id } } ... on Page_ { blocks { amount } } } }',
      {},
      variants,
    ],
    [
      'of a union’s too',
      '{ search(first: 2) { nodes { ... on Product { price { amount } } ... on Page_ { blocks { amount } } } } }',
      {},
      5 + 2 * (1 + 7),
    ],
    ['what all types have is added', '{ node { related { id } ... on Product { variants { id } } } }', {}, 1 + 4 + 10],
    [
      'types that fit several fragments',
      '{ node { ... on Priced { price { amount } } ... on Gift { text { amount } } } }',
      {},
      1 + 3 + 1,
    ],
    ['a fragment that fits no type', '{ priced { ... on Node { ... on Product { price { amount } } } } }', {}, 1 + 3],
    ['skipped', '{ node @skip(if: true) { related { id } } }', {}, 0],
    ['included by a variable', 'query ($x: Boolean!) { node @include(if: $x) { id } }', { x: true }, 1],
    ['not included by it', 'query ($x: Boolean!) { node @include(if: $x) { id } }', { x: false }, 0],
    ['skipped by its default', 'query ($x: Boolean = true) { node @skip(if: $x) { id } }', {}, 0],
    ['a spread that is skipped', 'query ($x: Boolean!) { ... @skip(if: $x) { node { id } } words }', { x: true }, 0],
    [
      'either of two conditions',
      'query ($x: Boolean!, $y: Boolean!) { node @include(if: $x) { id } node @include(if: $y) { related { id } } }',
      { x: true, y: false },
      1,
    ],
    ['the schema, whatever is asked of it', '{ __schema { types { fields { name } } } }', {}, 50],
    [
      'input objects',
      'mutation { order(lines: [{ sku: "a" }, { sku: "b", bundle: [{ sku: "c" }] }]) { id } }',
      {},
      10 + 1 + 3,
    ],
    [
      'input objects in variables',
      'mutation ($l: [Line!]) { order(lines: $l, by: 2) { id } }',
      { l: [{ sku: 'a', bundle: [{}, null] }] },
      10 + 1 + 2,
    ],
  ])('%s', (_what, query, variables, cost) => {
    expect(costOf(shop, query).estimate(variables)).toBe(cost);
  });

  test('without variables that matter it is counted once', () => {
    expect(costOf(shop, 'query ($id: ID) { node { id } products { id } }'.replace('($id: ID) ', '')).fixed).toBe(21);
    expect(costOf(shop, 'query ($n: Int) { products(first: $n) { id } }').fixed).toBeUndefined();
  });
});

test('above the maximum an operation is refused with both figures', () => {
  const query = 'query ($n: Int) { products(first: $n) { variants { id } } }';
  const cost = costOf(shop, query, { maximumCost: 110 });
  expect(cost.estimate({ n: 10 })).toBe(110);
  expect(() => cost.estimate({ n: 11 })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('may cost 121 points; at most 110'),
      extensions: { code: 'OPERATION_TOO_COSTLY', estimatedCost: 121, maximumCost: 110, http: { status: 400 } },
    }),
  );
  expect(costOf(shop, query, { maximumCost: 110, enforceCost: false }).estimate({ n: 11 })).toBe(121);
});

describe('what an answer cost', () => {
  const query = `query ($n: Int, $l: Boolean!) {
    found: search(first: $n) { totalCount nodes { __typename ... on Product { price { amount } } ... on Page_ { blocks { amount } } } }
    words @include(if: $l)
  }`;
  test.each([
    ['nothing', null, 0],
    ['what is null is free but for its weight', { found: null }, 5],
    ['an empty page', { found: { totalCount: 0, nodes: [] } }, 5 + 2],
    [
      'each object by its weight',
      {
        found: {
          totalCount: 3,
          nodes: [
            { __typename: 'Product', price: { amount: '1' } },
            { __typename: 'Product', price: null },
            { __typename: 'Page_', blocks: [{ amount: '1' }, null] },
            null,
          ],
        },
        words: ['a', 'b'],
      },
      5 + 2 + 3 + 3 + 3 + 1,
    ],
  ])('%s', (_what, data, cost) => {
    expect(costOf(shop, query).actual(data, { n: 100 })).toBe(cost);
  });

  test('arguments count with it', () => {
    const order = 'mutation ($l: [Line!]) { order(lines: $l) { id variants { id } } }';
    const data = { order: { id: '1', variants: [{ id: '2' }, { id: '3' }] } };
    expect(costOf(shop, order).actual(data, { l: [{}, {}] })).toBe(10 + 1 + 2 + 2);
  });

  test('ten thousand objects are weighed in milliseconds', () => {
    const nodes = Array.from({ length: 10_000 }, () => ({ __typename: 'Product', price: { amount: '1' } }));
    const cost = costOf(shop, query);
    const startedAt = performance.now();
    expect(cost.actual({ found: { totalCount: 1, nodes } }, {})).toBe(7 + 10_000 * 4);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});

test('directives under names of the supergraph’s own', () => {
  const schema = buildSchema(
    `schema @link(url: "https://specs.apollo.dev/link/v1.0")
       @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@cost", as: "@weighs" }]) { query: Query }
     directive @link(url: String, import: [Import]) repeatable on SCHEMA
     scalar Import
     directive @weighs(weight: Int!) on FIELD_DEFINITION
     directive @cost__listSize(assumedSize: Int) on FIELD_DEFINITION
     type Query { items: [Item] @weighs(weight: 2) @cost__listSize(assumedSize: 3) }
     type Item { id: ID }`,
  );
  expect(costOf(schema, '{ items { id } }').fixed).toBe(6);
});

describe('the documents of the shop’s clients', () => {
  const folder = fileURLToPath(new URL('../../e2e/operations/', import.meta.url));
  const schema = buildSchema(readFileSync(supergraphFile, 'utf8'), { assumeValidSDL: true });
  const model = new CostModel(schema);
  const operations = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .flatMap((file) => Object.entries(separateOperations(parse(readFileSync(join(folder, file), 'utf8')))));

  test('stay well below the maximum with the longest pages', () => {
    const costs = operations.flatMap(([name, document]) => {
      const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
      if (!operation || !schema.getRootType(operation.operation)) return [];
      const pages = (operation.variableDefinitions ?? []).map(({ variable }) => [variable.name.value, 100]);
      const cost = compileCost(model, document, operation);
      return [{ name, cost: cost.estimate(Object.fromEntries(pages.filter(([page]) => page === 'first'))) }];
    });
    expect(costs.length).toBeGreaterThan(40);
    expect(costs.filter(({ cost }) => cost > defaultCostOptions.maximumCost / 5)).toEqual([]);
    expect(costs.find(({ name }) => name === 'CatalogFeed')?.cost).toBeGreaterThan(1_000);
  });

  test.each([
    '{ products(first: 100) { nodes { variants { stockLevels(first: 100) { nodes { warehouse { code } } } } } } }',
    '{ categories { children { children { children { children { id } } } } } }',
  ])('pages of pages are refused: %s', (query) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    expect(() => compileCost(model, document, operation).estimate({})).toThrow('Ask for shorter lists');
  });
});
