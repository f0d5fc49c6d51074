import { Source } from 'graphql';
import { describe, expect, test } from 'vitest';
import { lint, rules } from '../lint/index.ts';

test.each(Object.keys(rules))('the subgraphs keep the rule of %s', (rule) => {
  expect(lint(rule)).toEqual([]);
});

/** What each rule is there to find. */
const examples: [rule: string, sdl: Record<string, string>, problems: string[]][] = [
  [
    'descriptions',
    {
      cart: 'type Cart @key(fields: "id") { "Id." id: ID! lines("How many." first: Int, after: String): Int } enum Kind { A }',
    },
    [
      'cart: Cart has no description',
      'cart: Cart.lines has no description',
      'cart: Cart.lines(after:) has no description',
      'cart: Kind has no description',
      'cart: Kind.A has no description',
    ],
  ],
  [
    'descriptions',
    { a: '"A." type A @key(fields: "id") { "Id." id: ID! }', b: 'type A @key(fields: "id") { id: ID! more: Int }' },
    ['b: A.more has no description'],
  ],
  [
    'nullability',
    { cart: 'type Query { cart: Int! carts: [Int!] }' },
    ['cart: Query.cart is a root field and may not be non-null'],
  ],
  [
    'nullability',
    {
      products: '"P." type Product @key(fields: "id") { id: ID! title: String! }',
      stock:
        'type Product @key(fields: "id") { id: ID! available: Int! } type Line { product: Product! all: [Product!] some: [Product]! }',
    },
    [
      "stock: Product.available is added to another subgraph's entity and may not be non-null",
      "stock: Line.product is another subgraph's entity and may not be non-null",
      "stock: Line.all is another subgraph's entity and may not be non-null",
    ],
  ],
  [
    'requires',
    {
      products:
        'type Product @key(fields: "id") { id: ID! price(currency: String): Money sizes: Sizes } type Sizes { box(unit: String): Int }',
      shipping:
        'type Product @key(fields: "id") { id: ID! price: Money @external rate: Int @requires(fields: "price { amount } id") fits: Int @requires(fields: "sizes { box }") fine: Int @requires(fields: "id") }',
    },
    [
      'shipping: Product.rate requires Product.price, which takes arguments',
      'shipping: Product.fits requires Sizes.box, which takes arguments',
    ],
  ],
  [
    'copies',
    {
      a: 'type Money { amount: String } "As." scalar Date type E @key(fields: "id") { id: ID! a: Int }',
      b: 'type Money { amount: Int } "As." scalar Date type E @key(fields: "id") { id: ID! b: Int }',
    },
    ['Money differs between a, b'],
  ],
  [
    'connections',
    {
      a: 'type Query { list(first: Int, after: String): ItemConnection } type ItemConnection { nodes: [Int] pageInfo: Int }',
    },
    [
      'a: Query.list does not take last',
      'a: Query.list does not take before',
      'a: ItemConnection has no edges',
      'a: ItemConnection has no totalCount',
    ],
  ],
  [
    'mutations',
    {
      a: 'type Mutation { go(id: ID): P done(input: I): Q } type P { x: Int } type Q { userErrors: [U!]! } union U = Good | Bad interface UserError { m: Int } type Good implements UserError { m: Int } type Bad { m: Int }',
    },
    ['a: go does not take one input', 'a: go has no userErrors union', 'a: done answers Bad, which is no UserError'],
  ],
  [
    'authorization',
    {
      a: 'type Mutation { cartCreate: Int wipe: Int guarded: Int @authenticated } type Query { a: Int @policy(policies: [["x"]]) }',
    },
    ['a: anyone may call wipe', 'a: @policy holds for nobody here; use scopes'],
  ],
];

describe('each rule finds what it is there for', () => {
  test.each(examples)('%s', (rule, sdl, problems) => {
    const subgraphs = Object.entries(sdl).map(([name, text]) => ({
      name,
      source: new Source(text, `${name}.graphql`),
    }));
    expect(lint(rule, subgraphs).sort()).toEqual(problems.sort());
  });

  test('no rule is without an example', () => {
    expect(Object.keys(rules).filter((rule) => !examples.some(([named]) => named === rule))).toEqual([]);
  });
});
