import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isEnumType,
  parse,
  Source,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { apiSchemaOf, buildContract } from '../build-contract.ts';
import { composeSupergraph } from '../compose.ts';
import { ContractError, type ContractFilter } from '../contract.ts';
import { stripAuth } from '../strip-auth.ts';

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@inaccessible", "@requires", "@external", "@requiresScopes"])';

const supergraphOf = (subgraphs: Record<string, string>): string =>
  composeSupergraph(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, source: new Source(`${federation}\n${sdl}`, name) })),
  );

/** What is seen, as sorted coordinates of everything but built-in scalars and introspection. */
function coordinatesOf(schema: GraphQLSchema): string[] {
  const found: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || /^(String|Int|Float|Boolean|ID)$/.test(type.name)) continue;
    found.push(type.name);
    if (isEnumType(type)) found.push(...type.getValues().map(({ name }) => `${type.name}.${name}`));
    if (!('getFields' in type)) continue;
    const fields: (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(type.getFields());
    for (const field of fields) {
      found.push(`${type.name}.${field.name}`);
      const given = 'args' in field ? field.args : [];
      found.push(...given.map(({ name }) => `${type.name}.${field.name}(${name}:)`));
    }
  }
  return found.sort();
}

const seen = (subgraphs: Record<string, string>, filter: ContractFilter): string[] =>
  coordinatesOf(apiSchemaOf(buildContract(supergraphOf(subgraphs), filter)));

describe('what a contract leaves of a graph', () => {
  const examples: [what: string, sdl: string, filter: ContractFilter, left: string[]][] = [
    [
      'fields with an included tag, and the types that they are fields of',
      'type Query { a: A @tag(name: "p") b: A } type A { x: Int @tag(name: "p") y: Int }',
      { include: ['p'] },
      ['A', 'A.x', 'Query', 'Query.a'],
    ],
    [
      'all fields of a tagged object',
      'type Query { a: A @tag(name: "p") } type A @tag(name: "p") { x: Int y: Int }',
      { include: ['p'] },
      ['A', 'A.x', 'A.y', 'Query', 'Query.a'],
    ],
    [
      'any of several tags, less what also carries an excluded one',
      'type Query { a: Int @tag(name: "p") b: Int @tag(name: "q") c: Int @tag(name: "p") @tag(name: "secret") d: Int }',
      { include: ['p', 'q'], exclude: ['secret'] },
      ['Query', 'Query.a', 'Query.b'],
    ],
    [
      'everything but what is excluded, where nothing is included',
      'type Query { a(x: Int, y: Int @tag(name: "s")): A s: S @tag(name: "s") } type A { x: E } type S @tag(name: "s") { x: Int } enum E { ONE TWO @tag(name: "s") }',
      { exclude: ['s'] },
      ['A', 'A.x', 'E', 'E.ONE', 'Query', 'Query.a', 'Query.a(x:)'],
    ],
    [
      'no mutations and no types that only they lead to',
      'type Query { a: Int @tag(name: "p") } type Mutation { m(i: I): Int } input I { x: Int }',
      { include: ['p'] },
      ['Query', 'Query.a'],
    ],
    [
      'arguments, input fields and enum values, unless excluded',
      'type Query { a(i: I, old: Int @tag(name: "s")): Int @tag(name: "p") } input I { e: E s: Int @tag(name: "s") } enum E { ONE }',
      { include: ['p'], exclude: ['s'] },
      ['E', 'E.ONE', 'I', 'I.e', 'Query', 'Query.a', 'Query.a(i:)'],
    ],
    [
      'members of a union that are left',
      'type Query { u: U @tag(name: "p") } union U @tag(name: "p") = A | B type A @tag(name: "p") { x: Int } type B { x: Int }',
      { include: ['p'] },
      ['A', 'A.x', 'Query', 'Query.u', 'U'],
    ],
    [
      'implementers that are left, of interfaces that are answered',
      'type Query { n: N @tag(name: "p") } interface N @tag(name: "p") { x: Int } type A implements N @tag(name: "p") { x: Int } type B implements N { x: Int }',
      { include: ['p'] },
      ['A', 'A.x', 'N', 'N.x', 'Query', 'Query.n'],
    ],
    [
      'no other implementers of interfaces that nothing answers with',
      'type Query { a: A } interface N { x: Int } type A implements N { x: Int } type B implements N { x: Int } type C { x: Int @tag(name: "s") }',
      { exclude: ['s'] },
      ['A', 'A.x', 'N', 'N.x', 'Query', 'Query.a'],
    ],
    [
      'what is inaccessible to all stays so',
      'type Query { a: Int @tag(name: "p") b: Int @tag(name: "p") @inaccessible }',
      { include: ['p'] },
      ['Query', 'Query.a'],
    ],
    [
      'a type that nothing leads to, where it carries the tag itself',
      'type Query { a: Int @tag(name: "p") } type Lonely @tag(name: "p") { x: Int } type Other { x: Int }',
      { include: ['p'] },
      ['Lonely', 'Lonely.x', 'Query', 'Query.a'],
    ],
  ];
  test.each(examples)('%s', (_what, sdl, filter, left) => {
    expect(seen({ only: sdl }, filter)).toEqual(left);
  });
});

describe('what does not make a contract', () => {
  const problems: [what: string, sdl: string, filter: ContractFilter, problem: RegExp][] = [
    ['no tags', 'type Query { a: Int }', {}, /wants tags/],
    [
      'a tag both ways',
      'type Query { a: Int }',
      { include: ['p'], exclude: ['p'] },
      /both include and exclude the tag p/,
    ],
    ['a tag that nothing carries', 'type Query { a: Int }', { include: ['p'] }, /leave no query/],
    [
      'a field whose type is left out',
      'type Query { a: A @tag(name: "p") b: Int @tag(name: "p") } type A { x: Int }',
      { include: ['p'] },
      /Type "A" is @inaccessible but is referenced by "Query\.a"/,
    ],
    [
      'a required argument that is left out',
      'type Query { a(x: Int! @tag(name: "s")): Int }',
      { exclude: ['s'] },
      /Argument "Query\.a\(x:\)" is @inaccessible but is a required argument/,
    ],
    [
      'a required input field that is left out',
      'type Query { a(i: I): Int } input I { x: Int! @tag(name: "s") y: Int }',
      { exclude: ['s'] },
      /Input field "I\.x" is @inaccessible but is a required input field/,
    ],
    [
      'a field of an interface that an implementer keeps to itself',
      'type Query { n: N @tag(name: "p") } interface N @tag(name: "p") { x: Int } type A implements N { x: Int y: Int @tag(name: "p") }',
      { include: ['p'] },
      /Field "A\.x" is @inaccessible but implements the interface field "N\.x"/,
    ],
    [
      'a default that is left out',
      'type Query { a(e: E = TWO): Int } enum E { ONE TWO @tag(name: "s") }',
      { exclude: ['s'] },
      /Enum value "E\.TWO" is @inaccessible but is used in the default value of "Query\.a\(e:\)"/,
    ],
  ];
  test.each(problems)('%s', (_what, sdl, filter, problem) => {
    const build = () => buildContract(supergraphOf({ only: sdl }), filter);
    expect(build).toThrow(ContractError);
    expect(build).toThrow(problem);
  });
});

describe('what is left out still works within', () => {
  const supergraph = supergraphOf({
    products: 'type Query { product: Product @tag(name: "p") } type Product @key(fields: "id") { id: ID! weight: Int }',
    shipping:
      'type Product @key(fields: "id") { id: ID! weight: Int @external rate: Int @requires(fields: "weight") @tag(name: "p") }',
  });
  const contract = buildContract(supergraph, { include: ['p'] });

  test('keys and required fields are fetched, and cannot be asked for', () => {
    const graph = Supergraph.build(stripAuth(contract));
    const api = graph.apiSchema();
    expect(coordinatesOf(api.toGraphQLJSSchema())).toEqual(['Product', 'Product.rate', 'Query', 'Query.product']);
    const plan = new QueryPlanner(graph).buildQueryPlan(operationFromDocument(api, parse('{ product { rate } }')));
    expect(JSON.stringify(plan)).toContain('weight');
  });

  test('nothing is suggested that is left out', () => {
    const messages = validate(apiSchemaOf(contract), parse('{ product { weigth ids } }')).map(({ message }) => message);
    expect(messages).toEqual([
      'Cannot query field "weigth" on type "Product".',
      'Cannot query field "ids" on type "Product".',
    ]);
    expect(validate(apiSchemaOf(supergraph), parse('{ product { weigth } }'))[0]?.message).toContain('weight');
  });
});

test('directives of access stay, and the vocabulary of directives is not seen', () => {
  const caching =
    'extend schema @link(url: "https://example.com/specs/cacheControl/v0.1", import: ["@cacheControl"]) @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"]) @composeDirective(name: "@cacheControl") directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION enum CacheControlScope { PUBLIC PRIVATE }';
  const source = new Source(
    `${caching.replace('"@composeDirective"', '"@composeDirective", "@tag", "@requiresScopes"')}
     type Query { a: Int @cacheControl(maxAge: 5) @requiresScopes(scopes: [["a:read"]]) @tag(name: "p") }`,
    'only',
  );
  const contract = buildContract(composeSupergraph([{ name: 'only', source }]), { include: ['p'] });
  expect(contract).toContain('@requiresScopes(scopes: [["a:read"]])');
  expect(contract).toContain('@cacheControl(maxAge: 5)');
  expect(coordinatesOf(apiSchemaOf(contract))).toEqual(['Query', 'Query.a']);
});
