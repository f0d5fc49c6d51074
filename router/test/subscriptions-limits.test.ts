import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { follow, openRaw, refusal } from './graph/live-client.ts';
import { type LiveGraph, runLiveGraph } from './graph/live-graph.ts';

const megabyte = 1024 * 1024;

describe('a WebSocket', () => {
  let graph: LiveGraph;
  beforeAll(async () => {
    graph = await runLiveGraph({
      corsOrigins: ['https://shop.example', 'http://localhost:*'],
      contracts: { partner: { exclude: ['internal'] } },
      trustProxy: 1,
      rateLimits: { budgets: { guest: { points: 20, seconds: 60 } } },
      subscriptions: {
        initialisation: 300,
        keepAlive: 200,
        stuck: 400,
        messageBytes: 10_000,
        operationsPerConnection: 3,
        connectionsPerClient: 2,
      },
    });
  });
  afterAll(() => graph.close());
  afterEach(() => graph.leave());

  test.each([
    ['a page of the shop', { origin: 'https://shop.example' }],
    ['a page of a development server', { origin: 'http://localhost:5173' }],
    ["Apollo's sandbox", { origin: 'https://studio.apollographql.com' }],
    ['a program', {}],
  ])('is opened by %s', async (_who, options) => {
    const { socket } = await openRaw(graph.wsUrl, options);
    socket.terminate();
  });

  test('is opened by pages of the router itself', async () => {
    const { socket } = await openRaw(graph.wsUrl, { origin: graph.router.url });
    socket.terminate();
  });

  test.each(['https://evil.example', 'https://shop.example.evil.example', 'null', 'http://localhost.evil.example:80'])(
    'is not opened by pages of %s',
    async (origin) => {
      expect(await refusal(graph.wsUrl, { origin })).toEqual({
        status: 403,
        text: 'Pages of this origin may not connect.',
      });
    },
  );

  test('is opened where the graph is, contracts included, and nowhere else', async () => {
    const { socket } = await openRaw(graph.wsUrl.replace('/graphql', '/partner/graphql'));
    socket.terminate();
    expect(await refusal(graph.wsUrl.replace('/graphql', '/queues'))).toMatchObject({ status: 404 });
  });

  test('wants the protocol, and to know who it is before anything else', async () => {
    const other = await openRaw(graph.wsUrl, { protocol: 'graphql-ws', init: false }).catch((error: Error) => error);
    expect(other).toBeInstanceOf(Error);
    const early = await openRaw(graph.wsUrl, { init: false });
    early.send({ type: 'subscribe', id: '1', payload: { query: '{ labels }' } });
    expect((await early.closed)[0]).toBe(4401);
    const silent = await openRaw(graph.wsUrl, { init: false });
    expect((await silent.closed)[0]).toBe(4408);
    const twice = await openRaw(graph.wsUrl);
    twice.send({ type: 'connection_init' });
    expect((await twice.closed)[0]).toBe(4429);
  });

  test.each([
    ['no JSON', '{"type":', 4400],
    ['no message', '[1,2,3]', 4400],
    ['a message of no type', '{"id":"1"}', 4400],
    ['a message of another type', '{"type":"constructor"}', 4400],
    ['a message for clients', '{"type":"connection_ack"}', 4400],
    ['an operation without a document', '{"type":"subscribe","id":"1","payload":{}}', 4400],
    ['variables that are none', '{"type":"subscribe","id":"1","payload":{"query":"{ labels }","variables":[1]}}', 4400],
    ['too much', `{"type":"ping","payload":{"x":"${'x'.repeat(20_000)}"}}`, 1009],
  ])('that brings %s is closed', async (_what, message, code) => {
    const raw = await openRaw(graph.wsUrl);
    raw.send(message);
    expect((await raw.closed)[0]).toBe(code);
  });

  test('that brings the same name twice is closed, however long the name', async () => {
    const raw = await openRaw(graph.wsUrl);
    const message = {
      type: 'subscribe',
      id: 'ü'.repeat(2_000),
      payload: { query: 'subscription { countChanged { value } }' },
    };
    for (let time = 0; time < 2; time += 1) raw.send(message);
    expect((await raw.closed)[0]).toBe(4409);
    expect(graph.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  test.each([
    ['frames that are none', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x00, 0x01, 0x02])],
    ['frames without a mask', Buffer.from([0x81, 0x02, 0x68, 0x69])],
    ['noise', Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 73 + 41) % 256))],
  ])('that brings %s is closed, and no other is harmed', async (_what, bytes) => {
    const bystander = follow(graph.client(), 'subscription { orderUpdated(id: "N") { status } }');
    await bystander.next();
    const { hostname, port } = new URL(graph.router.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
    );
    await once(socket, 'data');
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
    const told = bystander.next();
    graph.scene.orders.set('N', graph.scene.orders.of('N') + 1);
    expect((await told).data).toEqual({ orderUpdated: { status: graph.scene.orders.of('N') } });
  });

  test('has so many operations at once', async () => {
    const client = graph.client();
    const query = 'subscription($id: ID!) { orderUpdated(id: $id) { status } }';
    const three = ['a', 'b', 'c'].map((id) => follow(client, query, { id }));
    for (const follower of three) await follower.next();
    const errors = await follow(client, query, { id: 'd' })
      .next()
      .catch((reason: unknown) => reason);
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    three[0]?.stop();
    const again = follow(client, query, { id: 'd' });
    expect((await again.next()).data).toEqual({ orderUpdated: { status: 0 } });
  });

  test('has no more of them, and leaves none behind, where names are used again', async () => {
    const raw = await openRaw(graph.wsUrl);
    const query = 'subscription { orderUpdated(id: "again") { status label } }';
    for (let time = 0; time < 2; time += 1) {
      raw.send({ type: 'subscribe', id: '1', payload: { query } });
      raw.send({ type: 'complete', id: '1' });
    }
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    await expect.poll(() => graph.scene.orders.followed).toBe(3);
    raw.send({ type: 'subscribe', id: '2', payload: { query } });
    await expect.poll(() => JSON.stringify(raw.received)).toContain('RATE_LIMITED');
    raw.socket.close();
    await expect.poll(() => graph.scene.orders.followed).toBe(0);
  });

  test('is one of so many of its network, or of its credential', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const two = [await openRaw(graph.wsUrl, from('203.0.113.7')), await openRaw(graph.wsUrl, from('203.0.113.7'))];
    const third = await openRaw(graph.wsUrl, { ...from('203.0.113.7'), init: false });
    third.send({ type: 'connection_init' });
    expect((await third.closed)[0]).toBe(1013);
    const neighbour = await openRaw(graph.wsUrl, from('203.0.113.8'));
    // Who opens one is not waited for long.
    const authorization = await graph.token();
    const known = await openRaw(graph.wsUrl, { ...from('203.0.113.7'), init: false });
    known.send({ type: 'connection_init', payload: { authorization } });
    await once(known.socket, 'message');
    two[0]?.socket.close();
    await two[0]?.closed;
    // The router may hear of the end a little later than who ended it.
    const next = await vi.waitFor(() => openRaw(graph.wsUrl, from('203.0.113.7')), { timeout: 5_000 });
    for (const { socket } of [...two, neighbour, known, next]) socket.terminate();
  });

  test('that has not said who it is counts for its network', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address }, init: false });
    // At once: they are not waited for long.
    const three = await Promise.allSettled([1, 2, 3].map(() => openRaw(graph.wsUrl, from('203.0.113.9'))));
    const silent = three.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(silent).toHaveLength(2);
    expect(three.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))).toEqual([
      expect.stringContaining('503'),
    ]);
    const neighbour = await openRaw(graph.wsUrl, { ...from('203.0.113.10'), init: true });
    // Each makes room as it is known, or given up.
    for (const { closed } of silent) expect((await closed)[0]).toBe(4408);
    const next = await openRaw(graph.wsUrl, { ...from('203.0.113.9'), init: true });
    for (const { socket } of [neighbour, next]) socket.terminate();
  });

  test('that is refused is not kept open by its client', async () => {
    const { hostname, port } = new URL(graph.router.url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.write('GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'end');
    // Ours has ended; what comes from the client meets nobody.
    await expect
      .poll(() => {
        socket.write('x');
        return socket.destroyed;
      })
      .toBe(true);
  });

  test("spends its client's points", async () => {
    const raw = await openRaw(graph.wsUrl, { headers: { 'x-forwarded-for': '198.51.100.1' } });
    const ask = (id: string) =>
      raw.send({
        type: 'subscribe',
        id,
        payload: { query: '{ a: order(id: 1) { label } b: order(id: 2) { label } }' },
      });
    let asked = 0;
    await expect
      .poll(() => {
        asked += 1;
        ask(String(asked));
        return JSON.stringify(raw.received.at(-1));
      })
      .toContain('RATE_LIMITED');
    raw.socket.terminate();
  });

  test('whose client has vanished is let go', async () => {
    const alive = await openRaw(graph.wsUrl);
    const dead = await openRaw(graph.wsUrl, { autoPong: false });
    expect((await dead.closed)[0]).toBe(1006);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    alive.socket.terminate();
  });

  test('offers that are not for WebSockets change nothing', async () => {
    const { hostname, port } = new URL(graph.router.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify({ query: '{ labels }' });
    const request = (extra: string) =>
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${extra}\r\n${body}`;
    for (const extra of ['connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n', '']) {
      const answered = once(socket, 'data');
      socket.write(request(extra));
      const text = String((await answered)[0]);
      expect(text).toContain('HTTP/1.1 200');
      expect(text).toContain('{"data":{"labels":1}}');
    }
    socket.destroy();
  });
});

describe('a router that is closed', () => {
  test('sends its clients to another one', async () => {
    const graph = await runLiveGraph();
    const follower = follow(graph.client(), 'subscription { orderUpdated(id: "1") { status } }');
    await follower.next();
    const closing = graph.router.close();
    expect(await follower.next().catch((reason: unknown) => reason)).toMatchObject({
      code: 1001,
      reason: 'Going away',
    });
    await closing;
    await expect.poll(() => graph.scene.orders.followed).toBe(0);
    await graph.close();
  });

  test('does not wait for those that do not answer', async () => {
    const graph = await runLiveGraph();
    const raw = await openRaw(graph.wsUrl);
    raw.socket.pause();
    await graph.router.close();
    raw.socket.terminate();
    await graph.close();
  });
});

test('a subgraph that stays away ends the subscription with its name', async () => {
  const graph = await runLiveGraph({ subscriptions: { resumption: 500 } });
  const follower = follow(graph.client(), 'subscription { orderUpdated(id: "1") { status } }');
  await follower.next();
  await graph.stop('orders');
  expect(await follower.next().catch((reason: unknown) => reason)).toMatchObject([
    { extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'orders' } },
  ]);
  await graph.close();
});

test('a WebSocket that is not read hurts nobody, is told the newest when it reads, and is cut off when it never does', async () => {
  const graph = await runLiveGraph({ subscriptions: { keepAlive: 3_000 } });
  const { counts } = graph.scene;
  const query = `subscription { countChanged { value text(length: ${megabyte}) } }`;
  const stuck = await openRaw(graph.wsUrl);
  stuck.send({ type: 'subscribe', id: '1', payload: { query } });
  await expect.poll(() => stuck.received.length).toBeGreaterThan(1);
  stuck.socket.pause();
  const light = follow(graph.client(), 'subscription { countChanged { value } }');
  await light.next();
  for (let value = 1; value <= 60; value += 1) {
    const told = light.next();
    counts.set('all', value);
    expect((await told).data).toEqual({ countChanged: { value } });
  }
  stuck.socket.resume();
  const last = () => stuck.received.at(-1)?.payload;
  await expect.poll(last, { timeout: 5_000 }).toMatchObject({ data: { countChanged: { value: 60 } } });
  // What lay in buffers of the system came too, dozens of megabytes on some; the rest did not.
  expect(stuck.received.length).toBeLessThan(60);

  stuck.socket.pause();
  const followedBefore = counts.followed;
  for (let value = 61; value <= 100; value += 1) {
    const told = light.next();
    counts.set('all', value);
    await told;
  }
  await expect.poll(() => counts.followed, { timeout: 10_000 }).toBe(followedBefore - 1);
  stuck.socket.terminate();
  await graph.close();
});
