import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createViewerVerifier } from '@mercato/auth';
import { httpTransport, Interest, inProcessTransport, type SubgraphTransport } from '@mercato/subgraph-client';
import { signerOf, staff, testLogger, trustedKeys } from '@mercato/testkit';
import { GraphQLError, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSubgraphServer, type Subgraph } from '../src/index.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@requiresScopes"])
  type Query { who: String }
  type Tick { number: Int viewer: String contexts: Int text(length: Int!): String }
  type Subscription {
    ticks(until: Int): Tick
    secret: Tick @requiresScopes(scopes: [["top"]])
    broken: Tick
    refused: Tick
  }`);

/** What the test does to the streams that are open. */
class Ticker implements AsyncIterableIterator<{ number: number }> {
  static readonly open = new Set<Ticker>();
  made = 0;
  #wake: (() => void) | undefined;
  #over = false;
  readonly #until: number;

  constructor(until: number) {
    this.#until = until;
    Ticker.open.add(this);
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  async next(): Promise<IteratorResult<{ number: number }>> {
    if (this.made >= this.#until) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#over) return { value: undefined, done: true };
    this.made += 1;
    return { value: { number: this.made }, done: false };
  }
  async return(): Promise<IteratorResult<{ number: number }>> {
    this.#over = true;
    Ticker.open.delete(this);
    this.#wake?.();
    return { value: undefined, done: true };
  }
}

let contexts = 0;
let subgraph: Subgraph;
let overHttp: { url: string; close(): Promise<void> };
let http: SubgraphTransport;
let local: SubgraphTransport;

beforeAll(async () => {
  subgraph = createSubgraphServer({
    name: 'inventory',
    typeDefs,
    resolvers: {
      Query: { who: () => 'you' },
      Subscription: {
        ticks: {
          subscribe: (_: unknown, { until }: { until?: number }) => new Ticker(until ?? 3),
          resolve: (tick: { number: number }) => tick,
        },
        secret: { subscribe: () => new Ticker(1), resolve: (tick: unknown) => tick },
        broken: {
          subscribe: async function* () {
            yield { number: 1 };
            throw new Error('password=hunter2');
          },
          resolve: (tick: unknown) => tick,
        },
        refused: {
          subscribe: () => {
            throw new GraphQLError('Not this one.', { extensions: { code: 'BAD_USER_INPUT' } });
          },
        },
      },
      Tick: {
        viewer: (_: unknown, __: unknown, { viewer }: { viewer: { id: string } }) => viewer.id,
        contexts: () => contexts,
        text: (_: unknown, { length }: { length: number }) => 'ü'.repeat(length),
      },
    },
    verifier: createViewerVerifier('inventory', trustedKeys),
    logger: testLogger('inventory'),
    context: (call) => {
      contexts += 1;
      return call;
    },
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
});
beforeEach(() => {
  for (const ticker of Ticker.open) void ticker.return();
});

const bearer = async (audience = 'inventory') => `Bearer ${await signerOf('router').sign(audience, staff('some'))}`;

describe.each<[string, () => SubgraphTransport]>([
  ['HTTP', () => http],
  ['the process', () => local],
])('a subscription through %s', (_name, transport) => {
  const follow = async (query: string, options: { signal?: Interest; authorization?: string } = {}) =>
    transport().subscribe(
      'inventory',
      { query },
      { authorization: options.authorization ?? (await bearer()), timeoutMs: 2_000, signal: options.signal },
    );

  test('gives an answer an event, each with a context of its own', async () => {
    const answers = await follow('subscription { ticks { number viewer contexts } }');
    const seen = [await answers.next(), await answers.next(), await answers.next()].map(({ value }) => value?.data);
    expect(seen).toMatchObject([
      { ticks: { number: 1, viewer: 'staff_test' } },
      { ticks: { number: 2 } },
      { ticks: { number: 3 } },
    ]);
    const counts = seen.map((data) => (data as { ticks: { contexts: number } }).ticks.contexts);
    expect(new Set(counts).size).toBe(3);
    await answers.return();
  });

  test('ends at its source when nobody follows any more, also while nothing happens', async () => {
    const answers = await follow('subscription { ticks(until: 1) { number } }');
    await answers.next();
    const waiting = answers.next();
    expect(Ticker.open.size).toBe(1);
    await answers.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    await expect.poll(() => Ticker.open.size).toBe(0);
    expect(await answers.next()).toEqual({ value: undefined, done: true });
  });

  test('ends with the interest in it', async () => {
    const signal = new Interest();
    const answers = await follow('subscription { ticks(until: 1) { number } }', { signal });
    await answers.next();
    const waiting = answers.next();
    signal.end();
    expect(await waiting).toEqual({ value: undefined, done: true });
    await expect.poll(() => Ticker.open.size).toBe(0);
  });

  test.each([
    ['a document that is wrong', 'subscription { nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a right that is missing', 'subscription { secret { number } }', 'FORBIDDEN'],
    ['its resolver', 'subscription { refused { number } }', 'BAD_USER_INPUT'],
    ['not being one', '{ who }', 'BAD_USER_INPUT'],
  ])('is refused for %s, once', async (_what, query, code) => {
    const answers = await follow(query);
    expect((await answers.next()).value).toMatchObject({ errors: [{ extensions: { code } }] });
    expect((await answers.next()).done).toBe(true);
    expect(Ticker.open.size).toBe(0);
  });

  test('is refused without a valid token', async () => {
    const answers = await follow('subscription { ticks { number } }', { authorization: await bearer('cart') });
    expect((await answers.next()).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect((await answers.next()).done).toBe(true);
  });

  test('whose source breaks down says so without its secrets, and is over', async () => {
    const answers = await follow('subscription { broken { number } }');
    expect((await answers.next()).value?.data).toEqual({ broken: { number: 1 } });
    const last = await answers.next();
    expect(last.value?.errors?.[0]?.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(last)).not.toContain('hunter2');
    expect((await answers.next()).done).toBe(true);
  });

  test('of a subgraph that is not there fails', async () => {
    const answers = transport().subscribe(
      'blog',
      { query: 'subscription { ticks { number } }' },
      { authorization: await bearer(), timeoutMs: 500 },
    );
    await expect(answers.next()).rejects.toMatchObject({ reason: 'unreachable', mayHaveHappened: false });
    expect((await answers.next()).done).toBe(true);
  });

  test('is not answered as a query is', async () => {
    const answer = await transport().send(
      'inventory',
      { query: 'subscription { ticks { number } }' },
      { authorization: await bearer(), timeoutMs: 500 },
    );
    expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

describe('over HTTP', () => {
  const follow = async (query: string) =>
    http.subscribe('inventory', { query }, { authorization: await bearer(), timeoutMs: 2_000 });

  test('a reader that does not read holds its source back', async () => {
    const answers = await follow('subscription { ticks(until: 100000) { text(length: 20000) } }');
    await answers.next();
    const [ticker] = Ticker.open;
    let before = -1;
    // It fills the buffers in between, and then makes no more.
    await expect
      .poll(
        () => {
          const still = ticker?.made === before;
          before = ticker?.made ?? 0;
          return still;
        },
        { interval: 200, timeout: 10_000 },
      )
      .toBe(true);
    expect(before).toBeLessThan(500);
    // Once it is read from, it goes on.
    for (let read = 0; read <= before; read += 1) expect((await answers.next()).value?.data).toBeDefined();
    expect(ticker?.made).toBeGreaterThan(before);
    await answers.return();
    await expect.poll(() => Ticker.open.size).toBe(0);
  });

  test('a subgraph that stops is told from a stream that is complete', async () => {
    const stopping = await subgraph.listen({ port: 0, host: '127.0.0.1' });
    const transport = httpTransport({ urlOf: () => stopping.url });
    const answers = transport.subscribe(
      'inventory',
      { query: 'subscription { ticks(until: 1) { number } }' },
      { authorization: await bearer(), timeoutMs: 2_000 },
    );
    await answers.next();
    const waiting = expect(answers.next()).rejects.toMatchObject({ reason: 'unreachable' });
    await stopping.close();
    await waiting;
    await expect.poll(() => Ticker.open.size).toBe(0);
    await transport.close();
  });

  test('a server that never begins is given up', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const transport = httpTransport({ urlOf: () => `http://127.0.0.1:${port}/graphql` });
    const answers = transport.subscribe(
      'inventory',
      { query: 'subscription { ticks { number } }' },
      { authorization: await bearer(), timeoutMs: 200 },
    );
    await expect(answers.next()).rejects.toMatchObject({ reason: 'timeout' });
    await transport.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('it is the format of the standard, and wants a token', async () => {
    const post = (authorization: string) =>
      fetch(overHttp.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
        body: JSON.stringify({ query: 'subscription { refused { number } }' }),
      });
    expect((await post('')).status).toBe(401);
    const refused = await post(await bearer());
    expect(refused.headers.get('content-type')).toContain('application/json');
    const broken = await fetch(overHttp.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: await bearer() },
      body: JSON.stringify({ query: 'subscription { broken { number } }' }),
    });
    expect(broken.headers.get('content-type')).toContain('text/event-stream');
    const text = await broken.text();
    expect(text.startsWith(':\n\nevent: next\ndata: {"data":{"broken":{"number":1}}}\n\n')).toBe(true);
    expect(text.endsWith('event: complete\ndata:\n\n')).toBe(true);
  });
});
