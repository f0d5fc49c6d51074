import { Supergraph } from '@apollo/federation-internals';
import { parse, printSchema, Source } from 'graphql';
import { describe, expect, test } from 'vitest';
import { composeSupergraph } from '../compose.ts';
import { stripAuth } from '../strip-auth.ts';

const compose = (imports: string, body: string) =>
  composeSupergraph([
    {
      name: 'shop',
      source: new Source(
        `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", ${imports}])\n${body}`,
        'shop.graphql',
      ),
    },
  ]);

/** What the gateway does with it when it starts. */
const apiOf = (supergraph: string) => printed(Supergraph.build(stripAuth(supergraph)));
const printed = (supergraph: Supergraph) => printSchema(supergraph.apiSchema().toGraphQLJSSchema());

const plain = compose(
  '"@authenticated", "@requiresScopes", "@policy"',
  `
  interface Named { name: String }
  type Query { me: Me @authenticated secret: Int @requiresScopes(scopes: [["x"]]) ruled: Int @policy(policies: [["y"]]) }
  type Me implements Named @key(fields: "id") @requiresScopes(scopes: [["a"], ["b"]]) { id: ID! name: String role: Role }
  enum Role @authenticated { A B }
  scalar Secret @authenticated
  `,
);
const renamed = compose(
  '{name: "@authenticated", as: "@signedIn"}, {name: "@requiresScopes", as: "@needs"}, {name: "@policy", as: "@rule"}',
  `
  interface Named { name: String }
  type Query { me: Me @signedIn secret: Int @needs(scopes: [["x"]]) ruled: Int @rule(policies: [["y"]]) }
  type Me implements Named @key(fields: "id") @needs(scopes: [["a"], ["b"]]) { id: ID! name: String role: Role }
  enum Role @signedIn { A B }
  scalar Secret @signedIn
  `,
);

describe.each([
  ['by their own names', plain],
  ['by other names', renamed],
])('authorization imported %s', (_how, supergraph) => {
  test('the gateway refuses the supergraph as it is, and takes it stripped', () => {
    expect(() => Supergraph.build(supergraph)).toThrow();
    expect(apiOf(supergraph)).toContain('type Me implements Named');
  });

  test('nothing of it is left, and nothing else is gone', () => {
    const stripped = stripAuth(supergraph);
    expect(stripped).not.toMatch(/@(authenticated|requiresScopes|policy|signedIn|needs|rule)\b/);
    expect(stripped).not.toMatch(/__(Scope|Policy)\b/);
    const names = (sdl: string) =>
      parse(sdl).definitions.flatMap((definition) => ('name' in definition ? [definition.name?.value] : []));
    const gone = names(supergraph).filter((name) => !names(stripped).includes(name));
    expect(gone).toHaveLength(5);
    expect(apiOf(supergraph)).toBe(apiOf(plain));
  });
});

test('fields, arguments and types that only sound like it stay', () => {
  const supergraph = compose(
    '"@authenticated"',
    `
    type Query { authenticated(policy: Int, requiresScopes: String): Policy @authenticated }
    type Policy { policy: String }
    scalar Scope
    `,
  );
  const api = apiOf(supergraph);
  expect(api).toContain('authenticated(policy: Int, requiresScopes: String): Policy');
  expect(api).toContain('scalar Scope');
});

test("another's directive of the same name stays", () => {
  const supergraph = compose(
    '"@composeDirective", "@authenticated"',
    `
    extend schema @link(url: "https://shop.example/policy/v1.0", import: ["@policy"]) @composeDirective(name: "@policy")
    directive @policy(cancellation: String!) on FIELD_DEFINITION
    type Query { room: Int @policy(cancellation: "free") bookings: Int @authenticated }
    `,
  );
  const stripped = stripAuth(supergraph);
  expect(stripped).toContain('room: Int @policy(cancellation: "free")');
  expect(stripped).not.toContain('authenticated');
});

test('a namespace of its own is no hiding place', () => {
  const supergraph = composeSupergraph([
    {
      name: 'shop',
      source: new Source(
        `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed")
         type Query { me: Int @fed__authenticated secret: Int @fed__requiresScopes(scopes: [["x"]]) }`,
        'shop.graphql',
      ),
    },
  ]);
  expect(supergraph).toContain('@fed__requiresScopes');
  expect(stripAuth(supergraph)).not.toMatch(/fed__|requiresScopes/);
  expect(apiOf(supergraph)).toContain('me: Int');
});

test('a supergraph without authorization is the same graph afterwards', () => {
  const supergraph = compose('"@tag"', 'type Query { a: Int @tag(name: "partner") }');
  expect(apiOf(supergraph)).toBe(printed(Supergraph.build(supergraph)));
  expect(stripAuth(supergraph)).toContain('@tag(name: "partner")');
});
