import { connect } from 'node:net';
import { testDatabase, testLogger } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newApiKey } from '../src/identity/api-keys/key-text.ts';
import { insertApiKey } from '../src/identity/api-keys/store.ts';
import { createIdentity, openApiKeys } from '../src/index.ts';
import { follow } from './graph/live-client.ts';
import { type LiveGraph, runLiveGraph } from './graph/live-graph.ts';

let graph: LiveGraph;
beforeAll(async () => {
  graph = await runLiveGraph({
    corsOrigins: ['https://shop.example'],
    trustProxy: 1,
    subscriptions: { keepAlive: 100, stuck: 400, connectionsPerClient: 2 },
  });
});
afterAll(() => graph.close());

interface Streamed {
  readonly type: string;
  readonly data: unknown;
}

/** Events of a stream, read as they come; comments are left out. */
class EventReader {
  readonly response: Response;
  comments = 0;
  #rest = '';
  readonly #reader: ReadableStreamDefaultReader<string>;

  constructor(response: Response) {
    this.response = response;
    if (!response.body) throw new Error('There is no body.');
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }
  /** Undefined at the end. */
  async next(): Promise<Streamed | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await this.#reader.read();
        if (done) return undefined;
        this.#rest += value;
        continue;
      }
      const lines = this.#rest.slice(0, end).split('\n');
      this.#rest = this.#rest.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
      if (field('event') === undefined) this.comments += 1;
      else return { type: field('event')?.trim() ?? '', data: JSON.parse(field('data') || 'null') };
    }
  }
  leave(): Promise<void> {
    return this.#reader.cancel();
  }
}

const post = (body: unknown, headers: Record<string, string> = {}, { router } = graph): Promise<Response> =>
  fetch(`${router.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
  });
const query = 'subscription($id: ID!) { orderUpdated(id: $id) { status label } }';
const order = (id: string, status: number) => ({ orderUpdated: { status, label: `Order ${id} is ${status}` } });

test('a subscription is answered with its events, and with signs of life', async () => {
  const response = await post({ query, variables: { id: 'A' } }, { origin: 'https://shop.example' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  expect(response.headers.get('x-request-id')).toBeTruthy();
  const reader = new EventReader(response);
  expect(await reader.next()).toEqual({ type: 'next', data: { data: order('A', 0) } });
  setTimeout(() => graph.scene.orders.set('A', 1), 350);
  expect(await reader.next()).toEqual({ type: 'next', data: { data: order('A', 1) } });
  expect(reader.comments).toBeGreaterThan(2);
  await reader.leave();
  await expect.poll(() => graph.scene.orders.followed).toBe(0);
});

test('by GET too, with the header that pages of other sites cannot send', async () => {
  const address = new URL(`${graph.router.url}/graphql`);
  address.searchParams.set('query', query);
  address.searchParams.set('variables', JSON.stringify({ id: 'G' }));
  const accept = 'text/event-stream';
  expect((await fetch(address, { headers: { accept } })).status).toBe(400);
  const reader = new EventReader(await fetch(address, { headers: { accept, 'apollo-require-preflight': '1' } }));
  expect(await reader.next()).toEqual({ type: 'next', data: { data: order('G', 0) } });
  await reader.leave();
});

describe('who takes what', () => {
  test('a query is one event for those that take nothing else', async () => {
    const reader = new EventReader(await post({ query: '{ labels }' }));
    expect(await reader.next()).toEqual({ type: 'next', data: { data: { labels: 1 } } });
    expect(await reader.next()).toEqual({ type: 'complete', data: null });
    expect(await reader.next()).toBeUndefined();
  });

  // What @urql/core sends.
  const anything =
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';

  test('clients that take all get queries as JSON, subscriptions as events', async () => {
    const answer = await post({ query: '{ labels }' }, { accept: anything });
    expect(answer.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(await answer.json()).toEqual({ data: { labels: 1 } });
    const reader = new EventReader(await post({ query, variables: { id: 'U' } }, { accept: anything }));
    expect(await reader.next()).toEqual({ type: 'next', data: { data: order('U', 0) } });
    await reader.leave();
  });

  test('clients that take no events are told what to do', async () => {
    const response = await post({ query, variables: { id: 'J' } }, { accept: 'application/json' });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toContain('text/event-stream');
  });

  test.each([
    ['a document that is none', { query: 'subscription {' }, {}, 400, 'GRAPHQL_PARSE_FAILED'],
    ['variables that do not fit', { query }, {}, 400, 'BAD_USER_INPUT'],
    ['what a guest may not see', { query: 'subscription { guarded { id } }' }, {}, 400, 'UNAUTHENTICATED'],
    ['a token that does not hold', { query: '{ labels }' }, { authorization: 'Bearer x.y.z' }, 401, 'UNAUTHENTICATED'],
  ])('%s is refused before there is a stream', async (_what, body, headers, status, code) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });
});

test('what the subgraph refuses ends the stream with its errors', async () => {
  const reader = new EventReader(await post({ query: 'subscription { refused { id } }' }));
  expect(await reader.next()).toMatchObject({ type: 'next', data: { errors: [{ message: 'Not this one.' }] } });
  expect(await reader.next()).toEqual({ type: 'complete', data: null });
});

test('it ends when the token has expired', async () => {
  const authorization = `Bearer ${await graph.token({ expires: '2s' })}`;
  const reader = new EventReader(await post({ query, variables: { id: 'T' } }, { authorization }));
  expect(await reader.next()).toEqual({ type: 'next', data: { data: order('T', 0) } });
  expect(await reader.next()).toMatchObject({ data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  expect(await reader.next()).toEqual({ type: 'complete', data: null });
  expect(await reader.next()).toBeUndefined();
  await expect.poll(() => graph.scene.orders.followed).toBe(0);
});

test('what opened a stream, or a WebSocket, and is taken back ends it', async () => {
  const database = await testDatabase('router');
  const sql = new pg.Pool({ connectionString: database.url, max: 1 });
  const apiKeys = openApiKeys({ databaseUrl: database.url, logger: testLogger('router') });
  const keyed = await runLiveGraph({
    identity: createIdentity([], { apiKeys }),
    subscriptions: { keepAlive: 100 },
  });
  onTestFinished(async () => {
    await keyed.close();
    await apiKeys.close();
    await sql.end();
    await database.drop();
  });
  const { id, hash, text } = newApiKey();
  const owner = { name: 'Acme', kind: 'partner', ownerId: 'partner_acme', scopes: [], expiresAt: null } as const;
  await insertApiKey(sql, { ...owner, id, hash });
  const authorization = `Bearer ${text}`;
  const variables = { id: 'R' };
  const reader = new EventReader(await post({ query, variables }, { authorization }, keyed));
  const follower = follow(keyed.client({ authorization }), query, variables);
  expect(await reader.next()).toMatchObject({ data: { data: order('R', 0) } });
  expect((await follower.next()).data).toEqual(order('R', 0));

  const told = follower.next().catch((reason: unknown) => reason);
  await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id]);
  expect(await reader.next()).toMatchObject({ data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  expect(await reader.next()).toEqual({ type: 'complete', data: null });
  expect(await told).toMatchObject({ code: 4403, reason: 'The credential does not hold any more.' });
  await expect.poll(() => keyed.scene.orders.followed).toBe(0);
});

test('one that has ended behind another on its connection harms nobody', async () => {
  const { hostname, port } = new URL(graph.router.url);
  const socket = connect(Number(port), hostname);
  const request = (body: string) =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n` +
    `content-length: ${body.length}\r\n\r\n${body}`;
  // Pipelined: the second answer is over before the first, and has to wait for it.
  socket.write(request(JSON.stringify({ query, variables: { id: 'P' } })));
  socket.write(request(JSON.stringify({ query: 'subscription { refused { id } }' })));
  await expect.poll(() => graph.scene.orders.followed).toBe(1);
  let received = '';
  socket.on('data', (data) => {
    received += String(data);
  });
  // Signs of life of the first: the second has been looked at as often.
  await expect.poll(() => received.match(/\n:\r?\n/g)?.length ?? 0).toBeGreaterThan(4);
  socket.destroy();
  await expect.poll(() => graph.scene.orders.followed).toBe(0);
});

test('a client has so many', async () => {
  const from = { 'x-forwarded-for': '203.0.113.7' };
  const open = () => post({ query, variables: { id: 'L' } }, from);
  const [first, second] = [new EventReader(await open()), new EventReader(await open())];
  expect((await open()).status).toBe(429);
  await first.leave();
  await expect.poll(() => graph.scene.orders.followed).toBe(1);
  const third = new EventReader(await open());
  expect(await third.next()).toMatchObject({ type: 'next' });
  for (const reader of [second, third]) await reader.leave();
});

test('a client that does not read is cut off', async () => {
  const { counts } = graph.scene;
  const response = await post({ query: 'subscription { countChanged { value text(length: 4000000) } }' });
  await expect.poll(() => counts.followed).toBe(1);
  let value = 0;
  await expect
    .poll(
      () => {
        value += 1;
        counts.set('all', value);
        return counts.followed;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
  await response.body?.cancel();
});

test('a router that is closed ends it without saying that it is complete', async () => {
  const closing = await runLiveGraph();
  const response = await fetch(`${closing.router.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { id: 'C' } }),
  });
  const reader = new EventReader(response);
  await reader.next();
  const closed = closing.router.close();
  expect(await reader.next()).toBeUndefined();
  await closed;
  await closing.close();
});
