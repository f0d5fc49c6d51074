import { Trace } from '@apollo/usage-reporting-protobuf';
import { createViewerSigner, createViewerVerifier, generateKey } from '@mercato/auth';
import { testLogger } from '@mercato/testkit';
import { GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createSubgraphServer, type SubgraphCall } from '../src/index.ts';

const { kty, crv, x, d } = generateKey();
const signer = createViewerSigner('router', { kty, crv, x, d });

const subgraph = createSubgraphServer<SubgraphCall>({
  name: 'shelf',
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@requiresScopes"])
    type Query { books: [Book!] all(count: Int!): [Book!] }
    type Book { title: String! loan: String secret: String @requiresScopes(scopes: [["top"]]) }`),
  resolvers: {
    Query: {
      books: async () => [{ title: 'Emma' }, { title: 'Persuasion' }],
      all: (_: unknown, { count }: { count: number }) => Array.from({ length: count }, () => ({ title: 'Emma' })),
    },
    Book: {
      loan: ({ title }: { title: string }) => {
        if (title === 'Emma') throw new GraphQLError('It is out.', { extensions: { code: 'BAD_USER_INPUT' } });
        throw new Error('password=hunter2');
      },
      secret: () => 'a secret',
    },
  },
  verifier: createViewerVerifier('shelf', { router: { kty, crv, x } }),
  logger: testLogger('shelf'),
  context: (call) => call,
  ready: async () => {},
  close: async () => {},
});

const ask = async (query: string, headers: Record<string, string>) => {
  const authorization = `Bearer ${await signer.sign('shelf')}`;
  return subgraph.answer({ query }, { authorization, ...headers }, AbortSignal.timeout(5_000));
};

const wanted = { 'apollo-federation-include-trace': 'ftv1' };

test('a gateway that asks for it is told what each field took, and what failed, in words for callers', async () => {
  const { data, extensions } = await ask('{ books { name: title loan secret } }', wanted);
  expect(data).toEqual({
    books: [
      { name: 'Emma', loan: null, secret: null },
      { name: 'Persuasion', loan: null, secret: null },
    ],
  });

  const trace = Trace.decode(Buffer.from(String(extensions?.ftv1), 'base64'));
  expect(trace.durationNs).toBeGreaterThan(0);
  expect(trace.startTime?.seconds).toBeCloseTo(Date.now() / 1_000, -2);
  const [books] = trace.root?.child ?? [];
  expect(books).toMatchObject({ responseName: 'books', type: '[Book!]', parentType: 'Query' });
  const fields = books?.child?.map(({ index, child }) => ({ index, names: child?.map((node) => node.responseName) }));
  expect(fields).toEqual([
    { index: 0, names: ['name', 'loan', 'secret'] },
    { index: 1, names: ['name', 'loan', 'secret'] },
  ]);
  const [name, loan, secret] = books?.child?.[0]?.child ?? [];
  expect(name).toMatchObject({ originalFieldName: 'title', type: 'String!', parentType: 'Book' });
  expect(name?.endTime).toBeGreaterThanOrEqual(Number(name?.startTime));
  expect(books?.endTime).toBeLessThanOrEqual(trace.durationNs);
  expect(loan?.error?.map(({ message }) => message)).toEqual(['It is out.']);
  expect(secret?.error).toHaveLength(1);
  expect(JSON.stringify(trace)).not.toContain('hunter2');
});

test('a document that is refused has its errors at the root of the trace', async () => {
  const { errors, extensions } = await ask('{ films }', wanted);
  const trace = Trace.decode(Buffer.from(String(extensions?.ftv1), 'base64'));
  expect(trace.root?.error?.map(({ message }) => message)).toEqual(errors?.map(({ message }) => message));
});

test.each<Record<string, string>>([{}, { 'apollo-federation-include-trace': 'ftv2' }])(
  'others are told nothing: %j',
  async (headers) => {
    expect(await ask('{ books { title } }', headers)).toEqual({
      data: { books: [{ title: 'Emma' }, { title: 'Persuasion' }] },
    });
  },
);

test('an answer of very many fields has no trace: it would take longer than the answer', async () => {
  const many = Array.from({ length: 60 }, (_, number) => `f${number}: title`).join(' ');
  const { data, extensions } = await ask(`{ all(count: 500) { ${many} } }`, wanted);
  expect(data?.all).toHaveLength(500);
  expect(extensions).toBeUndefined();
  expect((await ask(`{ all(count: 50) { ${many} } }`, wanted)).extensions).toHaveProperty('ftv1');
});
