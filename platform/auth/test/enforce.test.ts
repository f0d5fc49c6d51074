import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { enforceAuthorization, guest, type Viewer } from '../src/index.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", { name: "@requiresScopes", as: "@needs" }])
  interface Named { name: String }
  type Query {
    open: String
    signedIn: String @authenticated
    stock: String @needs(scopes: [["read"], ["write", "audit"]])
    vault: Vault
    named: Named
  }
  type Vault implements Named @needs(scopes: [["read"]]) { name: String gold: Int }
  type Thing @key(fields: "id") { id: ID! secret: String @needs(scopes: [["read"]]) }
`);
const schema = enforceAuthorization(
  buildSubgraphSchema({
    typeDefs,
    resolvers: {
      Query: {
        open: () => 'open',
        signedIn: () => 'in',
        stock: () => 'stock',
        vault: () => ({ name: 'vault', gold: 7 }),
        named: () => ({ __typename: 'Vault', name: 'vault' }),
      },
      Thing: { __resolveReference: ({ id }: { id: string }) => ({ id, secret: 'hidden' }) },
    },
  }),
);

const as = (kind: Viewer['kind'], ...scopes: string[]): Viewer => ({ kind, id: 'x', scopes });
async function codes(query: string, viewer: Viewer) {
  const result = await execute({ schema, document: parse(query), contextValue: { viewer } });
  return { data: result.data, codes: (result.errors ?? []).map(({ extensions }) => extensions.code) };
}

describe('authorization in the schema', () => {
  test.each<[string, Viewer, unknown[]]>([
    ['{ open }', guest, []],
    ['{ signedIn }', guest, ['UNAUTHENTICATED']],
    ['{ signedIn }', as('customer'), []],
    ['{ stock }', guest, ['UNAUTHENTICATED']],
    ['{ stock }', as('customer'), ['FORBIDDEN']],
    ['{ stock }', as('staff', 'read'), []],
    ['{ stock }', as('staff', 'write'), ['FORBIDDEN']],
    ['{ stock }', as('staff', 'write', 'audit'), []],
    ['{ a: stock }', as('staff'), ['FORBIDDEN']],
    ['{ ... on Query { ...F } } fragment F on Query { stock }', as('staff'), ['FORBIDDEN']],
    ['{ vault { gold } }', as('staff'), ['FORBIDDEN']],
    ['{ vault { gold } }', as('staff', 'read'), []],
    ['{ named { name } }', as('staff'), ['FORBIDDEN']],
    ['{ _entities(representations: [{ __typename: "Thing", id: "1" }]) { ... on Thing { id } } }', guest, []],
    [
      '{ _entities(representations: [{ __typename: "Thing", id: "1" }]) { ... on Thing { secret } } }',
      guest,
      ['UNAUTHENTICATED'],
    ],
  ])('%s for %j gives %j', async (query, viewer, expected) => {
    expect((await codes(query, viewer)).codes).toEqual(expected);
  });

  test('an unauthorized field is null beside what may be seen', async () => {
    expect((await codes('{ open stock }', as('staff'))).data).toEqual({ open: 'open', stock: null });
  });
});
