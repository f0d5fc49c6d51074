import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { declaredPolicies, enforceAuthorization, guest, policyDeclarationsSchema, type Viewer } from '../src/index.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", { name: "@requiresScopes", as: "@needs" }])
  interface Named { name: String }
  type Query {
    open: String
    signedIn: String @authenticated
    stock: String @needs(scopes: [["read"], ["write", "audit"]])
    vault: Vault
    named: Named
    rank: Rank
    ranks: [Rank!]
  }
  enum Rank @needs(scopes: [["read"]]) { HIGH LOW }
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
        rank: () => 'HIGH',
        ranks: () => ['LOW'],
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
    ['{ rank ranks }', as('staff'), ['FORBIDDEN', 'FORBIDDEN']],
    ['{ rank ranks }', as('staff', 'read'), []],
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

describe('policies', () => {
  const build = (policies?: Parameters<typeof enforceAuthorization>[1]) =>
    enforceAuthorization(
      buildSubgraphSchema({
        typeDefs: parse(`
          extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed", import: ["@key"])
          type Query {
            plan: String @fed__policy(policies: [["planner", "insider"], ["chief"]])
            mine: String @fed__authenticated
          }
        `),
        resolvers: { Query: { plan: () => 'the plan', mine: () => 'mine' } },
      }),
      policies,
    );
  const codeOf = async (schema: ReturnType<typeof build>, viewer: Viewer, query = '{ plan }') => {
    const { errors } = await execute({ schema, document: parse(query), contextValue: { viewer } });
    return errors?.[0] && [errors[0].extensions.code, errors[0].message];
  };
  const declared = build(
    declaredPolicies({
      planner: { kinds: ['staff'] },
      insider: { scopes: ['plan'] },
      chief: { scopes: ['all', 'of'] },
    }),
  );
  const lacking = ['FORBIDDEN', 'This needs the policy planner and insider, or chief.'];

  test.each<[string, Viewer, unknown]>([
    ['guests sign in first', guest, ['UNAUTHENTICATED', 'Sign in to do this.']],
    ['one of two is not both', as('staff'), lacking],
    ['nor is the other', as('partner', 'plan'), lacking],
    ['both are enough', as('staff', 'plan'), undefined],
    ['and so is the alternative', as('customer', 'of', 'all'), undefined],
    ['whole, not in part', as('customer', 'all'), lacking],
  ])('%s', async (_why, viewer, expected) => {
    expect(await codeOf(declared, viewer)).toEqual(expected);
  });

  test('hold for nobody unless somebody says so', async () => {
    expect(await codeOf(build(), as('staff', 'plan', 'all', 'of'))).toEqual(lacking);
  });

  test('may be decided elsewhere', async () => {
    const asked: unknown[] = [];
    const schema = build(async (viewer, names) => {
      asked.push([viewer.id, names]);
      return new Set(['chief']);
    });
    expect(await codeOf(schema, as('staff'))).toBeUndefined();
    expect(asked).toEqual([['x', ['planner', 'insider', 'chief']]]);
  });

  test('directives in a namespace of their own hold, too', async () => {
    expect(await codeOf(declared, guest, '{ mine }')).toEqual(['UNAUTHENTICATED', 'Sign in to do this.']);
  });

  test('a policy that would hold for everyone is refused', () => {
    expect(policyDeclarationsSchema.safeParse({ open: {} }).error?.issues[0]?.message).toMatch(
      /needs "kinds" or "scopes"/,
    );
    expect(policyDeclarationsSchema.safeParse({ open: { scope: ['x'] } }).success).toBe(false);
  });
});
