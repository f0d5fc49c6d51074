import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BothGateways, bothGateways } from './stock/both-gateways.ts';
import { randomQuery } from './stock/random-query.ts';

let gateways: BothGateways;
beforeAll(async () => {
  gateways = await bothGateways();
});
afterAll(() => gateways.close());

async function compare(query: string, variables: Record<string, unknown> = { flag: true }): Promise<number> {
  const [stock, { calls, ...ours }] = await Promise.all([
    gateways.stock(query, variables),
    gateways.ours(query, variables),
  ]);
  expect(ours.data, query).toEqual(stock.data);
  expect(ours.errors, query).toEqual(stock.errors);
  return calls;
}

test.each([
  ['entities of two keys', '{ works { id title ... on Book { isbn price pages } } bestseller { title price } }'],
  [
    'what requires another subgraph’s field',
    '{ works { ... on Book { postage } } authors { retires works { postage title } } }',
  ],
  [
    'an interface that is an object elsewhere',
    '{ shelf { __typename id title stock copies { number ofWork { title } } } }',
  ],
  [
    'a union with nulls and strangers',
    '{ search(text: "x") { __typename ... on Author { name born } ... on Work { title } ... on Book { price } } }',
  ],
  [
    'aliases that mean another thing on another way',
    '{ a: work(id: "w1") { n: stock x: title } b: work(id: "w1") { n: stock(plus: 5) x: id } }',
  ],
  ['errors in a list', '{ authors { id fragile rival { fragile } } }'],
  ['nulls that bubble up', '{ authors { nameStrictly } }'],
  [
    'nulls that stop at a nullable object',
    '{ author(id: "a3") { nameStrictly } strict { first list { pagesStrictly } sparse { pagesStrictly } } }',
  ],
  ['a root that fails beside one that does not', '{ strict { broken first } works(first: 1) { id } }'],
  ['the names of types', '{ __typename works { __typename author { __typename } } t: __typename }'],
  [
    'introspection beside data',
    '{ __schema { queryType { name } } __type(name: "Book") { name kind } authors { id } }',
  ],
  [
    'the same again and again',
    '{ works { author { name born rival { name born } } related { author { name born } related { author { born } } } } }',
  ],
])('%s: as the stock gateway answers', async (_what, query) => {
  await compare(query.replace(/^\{/, 'query Fixed($flag: Boolean!) { flagged: __typename @include(if: $flag)'));
});

test('an error is told at the place of the entity that has it', async () => {
  const { paths } = await gateways.ours('query Q { search(text: "x") { ... on Author { fragile } } }', {});
  expect(paths).toEqual([['search', 1, 'fragile']]);
});

test('mutations run one after the other, each with what follows it', async () => {
  await compare(
    'mutation M($flag: Boolean!) { retitle(id: "w1", title: "New") { title stock @include(if: $flag) } shelve(id: "w1") restock(id: "w2") { title } }',
  );
});

test('whatever is asked, the answer is the stock gateway’s', { timeout: 120_000 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomQuery(gateways.schema, 3), fc.boolean(), async (query, flag) => {
      fc.pre(validate(gateways.schema, parse(query)).length === 0);
      await compare(query, { flag });
      compared += 1;
    }),
    { numRuns: 100, maxSkipsPerRun: 50, seed: 20_261_123 },
  );
  expect(compared).toBeGreaterThanOrEqual(100);
});
