import { describe, expect, test } from 'vitest';
import { readAuthorizationRules } from '../src/authorization/read-rules.ts';
import type { Rule } from '../src/authorization/rule.ts';
import { composed, federation } from './graph/authorized-schema.ts';

const written = (rule: Rule) => (rule.kind === 'authenticated' ? 'authenticated' : { [rule.kind]: rule.anyOf });

function rulesOf(...subgraphs: string[]) {
  const { ofTypes, ofFields } = readAuthorizationRules(composed(...subgraphs).supergraphSdl);
  const plain = (map: ReadonlyMap<string, readonly Rule[]>) =>
    Object.fromEntries([...map].map(([name, rules]) => [name, rules.map(written)]));
  return { types: plain(ofTypes), fields: plain(ofFields) };
}

describe('what a supergraph requires', () => {
  test('nothing, where nothing is written', () => {
    expect(rulesOf(`${federation()} type Query { a: Int }`)).toEqual({ types: {}, fields: {} });
  });

  const body = (authenticated: string, scopes: string, policy: string) => `
    type Query { me: Int @${authenticated} stock: Int @${scopes}(scopes: [["a", "b"], ["c"]]) plan: Int @${policy}(policies: [["p"]]) }
  `;
  const expected = {
    'Query.me': ['authenticated'],
    'Query.stock': [{ scopes: [['a', 'b'], ['c']] }],
    'Query.plan': [{ policies: [['p']] }],
  };

  test.each([
    ['their own names', federation(), ['authenticated', 'requiresScopes', 'policy']],
    [
      'other names',
      federation(
        '{name: "@authenticated", as: "@signedIn"}, {name: "@requiresScopes", as: "@needs"}, {name: "@policy", as: "@rule"}',
      ),
      ['signedIn', 'needs', 'rule'],
    ],
    [
      'the namespace of federation',
      federation(''),
      ['federation__authenticated', 'federation__requiresScopes', 'federation__policy'],
    ],
    [
      'a namespace of their own',
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed")',
      ['fed__authenticated', 'fed__requiresScopes', 'fed__policy'],
    ],
  ])('under %s', (_how, head, [authenticated = '', scopes = '', policy = '']) => {
    expect(rulesOf(head + body(authenticated, scopes, policy)).fields).toEqual(expected);
  });

  test("names swapped are read as what they are, and another's directive is no rule", () => {
    const { fields } = rulesOf(`
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", {name: "@authenticated", as: "@requiresScopes"}])
        @link(url: "https://shop.example/policy/v1.0", import: ["@policy"])
        @composeDirective(name: "@policy")
      directive @policy(cancellation: String) on FIELD_DEFINITION
      type Query { me: Int @requiresScopes room: Int @policy(cancellation: "free") }
    `);
    expect(fields).toEqual({ 'Query.me': ['authenticated'] });
  });

  test('all that several subgraphs say of one field and one type', () => {
    const { types, fields } = rulesOf(
      `${federation()}
       type Query { z: Z }
       type Z @key(fields: "id") @requiresScopes(scopes: [["t"]]) { id: ID! f: Int @shareable @requiresScopes(scopes: [["x"], ["y"]]) }`,
      `${federation()}
       type Z @key(fields: "id") @authenticated @requiresScopes(scopes: [["u"]]) { id: ID! f: Int @shareable @requiresScopes(scopes: [["z"]]) @policy(policies: [["p"]]) }`,
    );
    expect(types.Z).toEqual([{ scopes: [['t', 'u']] }, 'authenticated']);
    expect(fields['Z.f']).toEqual([
      {
        scopes: [
          ['x', 'z'],
          ['y', 'z'],
        ],
      },
      { policies: [['p']] },
    ]);
    expect(fields['Query.z']).toEqual(types.Z);
  });

  test('fields require what the type they return requires: objects, enums and scalars, in lists, too', () => {
    const { fields } = rulesOf(`
      ${federation()}
      type Query { vault: Vault! vaults: [Vault!]! rank: Rank codes(of: Rank): [[Code]] open: Int }
      type Vault @requiresScopes(scopes: [["v"]]) { gold: Int }
      enum Rank @authenticated { HIGH LOW }
      scalar Code @policy(policies: [["p"]])
    `);
    const vault = [{ scopes: [['v']] }];
    expect(fields).toEqual({
      'Query.vault': vault,
      'Query.vaults': vault,
      'Query.rank': ['authenticated'],
      'Query.codes': [{ policies: [['p']] }],
    });
  });

  test("an interface has none of its own where composition wrote its implementations' on it", () => {
    const { types, fields } = rulesOf(`
      ${federation()}
      interface Named { name: String rank: Int }
      type Query { named: Named open: Open }
      type Vault implements Named @requiresScopes(scopes: [["v"]]) { name: String rank: Int @authenticated }
      type Safe implements Named @requiresScopes(scopes: [["s"], ["t"]]) { name: String @policy(policies: [["p"], ["q"]]) rank: Int }
      type Open implements Named { name: String @policy(policies: [["r"]]) rank: Int }
    `);
    expect(Object.keys(types).sort()).toEqual(['Safe', 'Vault']);
    expect(Object.keys(fields).sort()).toEqual(['Open.name', 'Safe.name', 'Vault.rank']);
  });

  test('an interface of a supergraph composed by others may have its own', () => {
    const { ofTypes, ofFields } = readAuthorizationRules(`
      schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/authenticated/v0.1") { query: Query }
      directive @link(url: String, as: String, for: String, import: [String]) repeatable on SCHEMA
      directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
      interface Named @authenticated { name: String }
      interface Ranked { rank: Int @authenticated }
      type Query { named: Named ranked: Ranked open: Open }
      type Open implements Named & Ranked { name: String rank: Int }
    `);
    expect([...ofTypes.keys()]).toEqual(['Named']);
    expect([...ofFields.keys()]).toEqual(['Ranked.rank', 'Query.named']);
  });

  test('what an interface object requires, every implementation does', () => {
    const { fields } = rulesOf(
      `${federation()}
       type Query { media: Media }
       interface Media @key(fields: "id") { id: ID! }
       type Book implements Media @key(fields: "id") { id: ID! }
       type Film implements Media @key(fields: "id") { id: ID! }`,
      `${federation()}
       type Media @key(fields: "id") @interfaceObject { id: ID! cost: Int @authenticated }`,
    );
    expect(fields).toEqual({ 'Book.cost': ['authenticated'], 'Film.cost': ['authenticated'] });
  });

  describe('what is read unseen for a field', () => {
    /** As composed before composition asked subgraphs to repeat these rules on the field. */
    const older = (types: string) => `
      schema
        @link(url: "https://specs.apollo.dev/link/v1.0")
        @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
        @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
        @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
        @link(url: "https://specs.apollo.dev/context/v0.1", import: [{name: "@context", as: "@setting"}], for: SECURITY)
      { query: Query }
      directive @link(url: String, as: String, for: String, import: [String]) repeatable on SCHEMA
      directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
      directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
      directive @setting(name: String!) repeatable on INTERFACE | OBJECT | UNION
      directive @join__field(graph: String, requires: String, external: Boolean, contextArguments: [Argument!]) repeatable on FIELD_DEFINITION
      input Argument { name: String! type: String! context: String! selection: String! }
      ${types}
    `;
    const fieldsOf = (types: string) =>
      Object.fromEntries(
        [...readAuthorizationRules(older(types)).ofFields].map(([name, rules]) => [name, rules.map(written)]),
      );

    test('is required of it: fields, the types they return, fragments, and what is read for those', () => {
      const fields = fieldsOf(`
        type Query { product: Product }
        interface Size { unit: Unit }
        type Box implements Size @requiresScopes(scopes: [["box"]]) { unit: Unit width: Int @requiresScopes(scopes: [["w"]]) }
        type Tube implements Size { unit: Unit }
        enum Unit @requiresScopes(scopes: [["unit"]]) { CM }
        type Product {
          open: Int
          cost: Int @authenticated @join__field(graph: A)
          margin: Int @join__field(graph: B, requires: "cost open")
          size: Size @join__field(graph: A)
          quote: Int @join__field(graph: C, requires: "margin")
          parcel: Int @join__field(graph: C, requires: "size { ... on Tube { unit } }")
          crate: Int @join__field(graph: C, requires: "size { ... on Box { width } }")
          label: Int @join__field(graph: C, requires: "size { unit }")
        }
      `);
      const box = { scopes: [['box']] };
      const unit = { scopes: [['unit']] };
      expect(fields).toEqual({
        'Product.cost': ['authenticated'],
        'Product.margin': ['authenticated'],
        'Product.quote': ['authenticated'],
        'Product.parcel': [unit],
        'Product.crate': [box, { scopes: [['w']] }],
        'Product.label': [unit, box],
        'Size.unit': [unit],
        'Box.unit': [unit],
        'Box.width': [{ scopes: [['w']] }],
        'Tube.unit': [unit],
      });
    });

    test('from a context, too, of whichever type sets it', () => {
      const fields = fieldsOf(`
        type Query { shop: Shop fair: Fair }
        type Shop @setting(name: "s1__place") { secret: String @authenticated item: Item }
        type Fair @setting(name: "s1__place") @requiresScopes(scopes: [["fair"]]) { secret: String item: Item }
        type Item {
          price: Int @join__field(graph: A, contextArguments: [{context: "s1__place", name: "of", type: "String", selection: " { secret }"}])
        }
      `);
      expect(fields['Item.price']).toEqual(['authenticated', { scopes: [['fair']] }]);
    });

    test('requirements in a circle end', () => {
      const fields = fieldsOf(`
        type Query { a: Int }
        type T { a: Int @join__field(graph: A, requires: "b") b: Int @authenticated @join__field(graph: B, requires: "a") }
      `);
      expect(fields).toEqual({ 'T.a': ['authenticated'], 'T.b': ['authenticated'] });
    });
  });
});
