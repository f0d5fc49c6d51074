import { readFileSync } from 'node:fs';
import { buildASTSchema, parse, separateOperations } from 'graphql';
import { describe, expect, test } from 'vitest';
import { compileCachePolicy } from '../src/caching/cache-policy.ts';

const schemaOf = (sdl: string) => buildASTSchema(parse(sdl), { assumeValidSDL: true });

const schema = schemaOf(`
  type Query {
    stated: Product @cacheControl(maxAge: 60)
    unstated: Product
    byType: Timed
    number: Int
    numberStated: Int @cacheControl(maxAge: 7)
    mine: Product @cacheControl(maxAge: 60, scope: PRIVATE)
    guarded: Product @cacheControl(maxAge: 60) @requiresScopes(scopes: [["a"]])
    node: Node @cacheControl(maxAge: 60)
    either: Either @cacheControl(maxAge: 60)
    thing: Thing @cacheControl(maxAge: 60)
    ownShown: Own @cacheControl(maxAge: 60, scope: PUBLIC)
  }
  type Mutation { stated: Product @cacheControl(maxAge: 60) }
  type Product {
    id: ID!
    title: String
    fast: Int @cacheControl(maxAge: 5)
    own: Int @cacheControl(scope: PRIVATE)
    cost: Int @authenticated
    money: Money
    moneyInherited: Money @cacheControl(inheritMaxAge: true)
    price: Price
    parts: [Timed!]! 
    partsShort: [Timed!]! @cacheControl(maxAge: 9)
    partsInherited: [Timed!]! @cacheControl(inheritMaxAge: true)
    secret: Secret @cacheControl(maxAge: 30)
    minePrice: Price @cacheControl(inheritMaxAge: true, scope: PRIVATE)
  }
  type Money { amount: Int }
  type Price @cacheControl(inheritMaxAge: true) { amount: Int }
  type Timed @cacheControl(maxAge: 40) { x: Int product: Product @cacheControl(maxAge: 100) }
  type Secret @policy(policies: [["p"]]) { x: Int }
  interface Node { x: Int }
  type Quick implements Node { x: Int @cacheControl(maxAge: 3) }
  type Slow implements Node { x: Int y: Int @cacheControl(maxAge: 20) }
  union Either = Quick | Slow
  interface Thing { x: Int }
  type Shown implements Thing { x: Int }
  type Own implements Thing @cacheControl(scope: PRIVATE) { x: Int y: Int }
`);

const examples: [document: string, maxAge: number, scope: 'PUBLIC' | 'PRIVATE'][] = [
  ['{ stated { id title } }', 60, 'PUBLIC'],
  ['{ unstated { id } }', 0, 'PUBLIC'],
  ['{ stated { id } unstated { id } }', 0, 'PUBLIC'],
  ['{ byType { x } }', 40, 'PUBLIC'],
  ['{ number }', 0, 'PUBLIC'],
  ['{ numberStated }', 7, 'PUBLIC'],
  ['{ stated { fast } }', 5, 'PUBLIC'],
  ['{ stated { own } }', 60, 'PRIVATE'],
  ['{ mine { id } }', 60, 'PRIVATE'],
  ['{ guarded { id } }', 60, 'PRIVATE'],
  ['{ stated { cost } }', 60, 'PRIVATE'],
  ['{ stated { secret { x } } }', 30, 'PRIVATE'],
  ['{ stated { money { amount } } }', 0, 'PUBLIC'],
  ['{ stated { moneyInherited { amount } } }', 60, 'PUBLIC'],
  ['{ stated { price { amount } } }', 60, 'PUBLIC'],
  ['{ stated { minePrice { amount } } }', 60, 'PRIVATE'],
  ['{ stated { parts { x } } }', 40, 'PUBLIC'],
  ['{ stated { partsShort { x } } }', 9, 'PUBLIC'],
  // A type with an age of its own is not made to inherit another.
  ['{ stated { partsInherited { x } } }', 40, 'PUBLIC'],
  ['{ byType { product { title } } }', 40, 'PUBLIC'],
  ['{ node { x } }', 3, 'PUBLIC'],
  ['{ node { ... on Slow { y } } }', 20, 'PUBLIC'],
  ['{ either { ... on Slow { y } ... on Quick { x } } }', 3, 'PUBLIC'],
  ['{ thing { ... on Shown { x } } }', 60, 'PUBLIC'],
  ['{ thing { ... on Own { y } } }', 60, 'PRIVATE'],
  ['{ thing { ...F } } fragment F on Own { y }', 60, 'PRIVATE'],
  ['{ thing { x } }', 60, 'PRIVATE'],
  ['{ ownShown { y } }', 60, 'PUBLIC'],
  ['{ stated { id ...F } } fragment F on Product { ...G } fragment G on Product { fast }', 5, 'PUBLIC'],
  ['{ ...R } fragment R on Query { number }', 0, 'PUBLIC'],
  ['query Q($no: Boolean!) { stated { id fast @include(if: $no) } }', 5, 'PUBLIC'],
  ['{ stated { id fast @include(if: false) own @skip(if: true) } }', 60, 'PUBLIC'],
  ['{ stated { alias: fast } }', 5, 'PUBLIC'],
  ['{ stated { __typename id } }', 60, 'PUBLIC'],
  ['{ __typename }', 0, 'PUBLIC'],
  ['{ stated { id } __schema { description } }', 0, 'PUBLIC'],
  ['mutation { stated { id } }', 0, 'PRIVATE'],
];
test.each(examples)('%s lives %i s, %s', (document, maxAge, scope) => {
  expect(compileCachePolicy(schema, parse(document))).toEqual({ maxAge, scope });
});

test('of several operations the one named counts', () => {
  const document = parse('query A { stated { id } } query B { stated { fast } }');
  expect(compileCachePolicy(schema, document, 'A').maxAge).toBe(60);
  expect(compileCachePolicy(schema, document, 'B').maxAge).toBe(5);
  expect(compileCachePolicy(schema, document, 'C').maxAge).toBe(0);
});

describe('in the shop', () => {
  const shop = schemaOf(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
  const policyOf = (file: string, name: string) => {
    const text = readFileSync(new URL(`../../e2e/operations/${file}.graphql`, import.meta.url), 'utf8');
    const document = separateOperations(parse(text))[name];
    return document && compileCachePolicy(shop, document);
  };

  test.each([
    ['storefront/catalog', 'ProductList', 5],
    ['storefront/catalog', 'ProductPage', 5],
    ['storefront/catalog', 'CategoryTree', 300],
    ['storefront/catalog', 'SearchSuggestions', 60],
    ['storefront/content', 'BlogIndex', 60],
    ['storefront/content', 'PageBySlug', 60],
    ['storefront/content', 'Shell', 60],
  ])('%s %s may be shared for %i s', (file, name, maxAge) => {
    expect(policyOf(file, name)).toEqual({ maxAge, scope: 'PUBLIC' });
  });

  test.each([
    ['storefront/cart', 'CartView'],
    ['storefront/checkout', 'CheckoutView'],
    ['storefront/checkout', 'OrderStatus'],
    ['backoffice/inventory', 'StockLevels'],
    ['backoffice/orders', 'Orders'],
  ])('%s %s may not be kept', (file, name) => {
    expect(policyOf(file, name)?.maxAge).toBe(0);
  });
});
