import { createServer, type Server } from 'node:net';
import { createViewerSigner, createViewerVerifier, generateKey } from '@mercato/auth';
import {
  createSubgraphClient,
  httpTransport,
  inProcessTransport,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from '@mercato/subgraph-client';
import { emptyTestDatabase, signerOf, staff, type TestDatabase, testLogger, trustedKeys } from '@mercato/testkit';
import { GraphQLError, parse } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSubgraphServer, type Subgraph } from '../src/index.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@requiresScopes"])
  scalar Decimal
  scalar DateTime
  type Query {
    who: String
    echo(amount: Decimal!): Decimal
    bug: String
    mistake: String
    secret: String @requiresScopes(scopes: [["top"]])
    slow(ms: Int!): Boolean
    at(at: DateTime!): Boolean
    name(text: String!): String
  }`);

let database: TestDatabase;
let pool: pg.Pool;
let aborted = 0;
let subgraph: Subgraph;
let overHttp: { url: string; close(): Promise<void> };
let http: SubgraphTransport;
let local: SubgraphTransport;

beforeAll(async () => {
  database = await emptyTestDatabase('subgraph');
  pool = new pg.Pool({ connectionString: database.url });
  subgraph = createSubgraphServer({
    name: 'inventory',
    typeDefs,
    resolvers: {
      Query: {
        who: (_: unknown, __: unknown, { viewer }: { viewer: { kind: string; id: string } }) =>
          `${viewer.kind} ${viewer.id}`,
        echo: (_: unknown, { amount }: { amount: string }) => amount,
        bug: () => {
          throw new Error('password=hunter2 at http://10.0.0.1');
        },
        mistake: () => {
          throw new GraphQLError('Mend this.', { extensions: { code: 'BAD_USER_INPUT' } });
        },
        secret: () => 'secret',
        at: () => true,
        // As a database is asked: by a real one.
        name: async (_: unknown, { text }: { text: string }) =>
          (await pool.query<{ text: string }>('SELECT $1::text AS text', [text])).rows[0]?.text,
        slow: (_: unknown, { ms }: { ms: number }, { signal }: { signal: AbortSignal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              aborted += 1;
            });
            setTimeout(() => resolve(true), ms);
          }),
      },
    },
    verifier: createViewerVerifier('inventory', trustedKeys),
    logger: testLogger('inventory'),
    context: (call) => call,
    ready: async () => {},
    close: async () => {},
  });
  overHttp = await subgraph.listen({ port: 0, host: '127.0.0.1' });
  http = httpTransport({ urlOf: (name) => (name === 'inventory' ? overHttp.url : undefined) });
  local = inProcessTransport((name) => (name === 'inventory' ? subgraph : undefined));
});
afterAll(async () => {
  await http.close();
  await overHttp.close();
  await pool.end();
  await database.drop();
});

const bearer = async () => `Bearer ${await signerOf('router').sign('inventory', staff('some'))}`;

describe.each<[string, () => SubgraphTransport]>([
  ['HTTP', () => http],
  ['the process', () => local],
])('a subgraph called through %s', (_name, transport) => {
  const send = async (query: string, variables = {}, timeoutMs = 2_000) =>
    transport().send('inventory', { query, variables }, { authorization: await bearer(), timeoutMs });

  test('knows its viewer', async () => {
    expect(await send('{ who }')).toEqual({ data: { who: 'staff staff_test' } });
  });

  test('lets a service speak as itself', async () => {
    const client = createSubgraphClient({ transport: transport(), signer: signerOf('cart') });
    expect(await client.request('inventory', '{ who }')).toEqual({ who: 'service cart' });
  });

  test('refuses a caller it does not know', async () => {
    const client = createSubgraphClient({
      transport: transport(),
      signer: createViewerSigner('router', generateKey()),
    });
    await expect(client.request('inventory', '{ who }')).rejects.toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('masks bugs, and tells callers of their mistakes', async () => {
    const bug = await send('{ bug }');
    expect(JSON.stringify(bug)).not.toContain('hunter2');
    expect(bug.errors?.[0]).toMatchObject({
      path: ['bug'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
    });
    expect((await send('{ mistake }')).errors?.[0]).toMatchObject({
      message: 'Mend this.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect((await send('{ nope }')).errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect((await send('{ ')).errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
    const badVariable = await send('query($a: Decimal!) { echo(amount: $a) }', { a: 4.2 });
    expect(badVariable.errors?.[0]).toMatchObject({
      message: expect.stringContaining('as a string'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(await send('{ secret who }')).toMatchObject({
      data: { secret: null, who: expect.any(String) },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('names what it cannot take: a scalar of the wrong form, a character that cannot be stored', async () => {
    const badDate = await send('query($at: DateTime!) { at(at: $at) }', { at: 'yesterday' });
    expect(badDate.errors?.[0]).toMatchObject({
      message: expect.stringContaining('$at'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    const zero = await send('query($t: String!) { name(text: $t) }', { t: 'a\u0000b' });
    expect(zero.errors?.[0]).toMatchObject({
      message: expect.stringContaining('U+0000'),
      path: ['name'],
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(await send('query($t: String!) { name(text: $t) }', { t: 'a' })).toEqual({ data: { name: 'a' } });
  });

  test('is given up after the deadline, and hears of it', async () => {
    const before = aborted;
    await expect(send('{ slow(ms: 1500) }', {}, 100)).rejects.toMatchObject({
      reason: 'timeout',
      mayHaveHappened: true,
    });
    await expect.poll(() => aborted).toBeGreaterThan(before);
  });

  test('that does not exist is unreachable, and surely did nothing', async () => {
    const sending = transport().send('blog', { query: '{ who }' }, { authorization: await bearer(), timeoutMs: 500 });
    await expect(sending).rejects.toMatchObject({ reason: 'unreachable', mayHaveHappened: false });
  });
});

describe('over HTTP', () => {
  test('a call without a token gets 401, a body that is not GraphQL 400', async () => {
    const post = (body: string) =>
      fetch(overHttp.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect((await post('{"query":"{ who }"}')).status).toBe(401);
    expect((await post('{"query":7}')).status).toBe(400);
    expect((await post('{')).status).toBe(400);
  });

  test('what is nowhere answers in the shape of GraphQL errors', async () => {
    const answer = await fetch(overHttp.url);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test.each<[string, string | null, string, boolean]>([
    ['garbage', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnope', 'bad-response', true],
    ['JSON that is not GraphQL', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}', 'bad-response', true],
    ['nothing at all', null, 'timeout', true],
  ])('a server that answers %s', async (_what, answer, reason, mayHaveHappened) => {
    const server: Server = createServer((socket) => {
      socket.on('error', () => {});
      if (answer !== null) socket.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const transport = httpTransport({ urlOf: () => `http://127.0.0.1:${port}/graphql` });
    const sending = transport.send(
      'inventory',
      { query: '{ who }' },
      { authorization: await bearer(), timeoutMs: 300 },
    );
    await expect(sending).rejects.toMatchObject({ reason, mayHaveHappened });
    await expect(sending).rejects.toBeInstanceOf(SubgraphUnavailableError);
    await expect(sending).rejects.not.toThrow(/127\.0\.0\.1/);
    await transport.close();
    server.close();
  });

  test('a closed port surely did nothing', async () => {
    const transport = httpTransport({ urlOf: () => 'http://127.0.0.1:1/graphql' });
    const sending = transport.send(
      'inventory',
      { query: '{ who }' },
      { authorization: await bearer(), timeoutMs: 500 },
    );
    await expect(sending).rejects.toMatchObject({ reason: 'unreachable', mayHaveHappened: false });
    await transport.close();
  });
});
