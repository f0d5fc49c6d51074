import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SchemaHost } from '../src/schema-lifecycle/schema-source.ts';
import { type Follower, follow } from './graph/live-client.ts';
import { composedOf, type LiveGraph, labelsSdl, ordersSdl, runLiveGraph } from './graph/live-graph.ts';

let graph: LiveGraph;
/** Takes schemas that a test offers. */
let host: SchemaHost;
const granted = new Set(['watching']);
beforeAll(async () => {
  graph = await runLiveGraph({
    authorization: { policies: (_viewer, policies) => new Set(policies.filter((name) => granted.has(name))) },
    subscriptions: { keepAlive: 100 },
    schemaSource: {
      start(given) {
        host = given;
      },
      close: async () => {},
    },
  });
});
afterAll(() => graph.close());
afterEach(() => graph.leave());

const orders = 'subscription($id: ID!) { orderUpdated(id: $id) { id status label } }';
const reasonOf = (follower: Follower) => follower.next().catch((reason: unknown) => reason);
const statusOf = ({ data }: { data?: unknown }) => (data as { orderUpdated: { status: number } }).orderUpdated.status;
const codesOf = (errors: unknown) =>
  (errors as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);

describe('over a WebSocket', () => {
  test('each event is completed by other subgraphs, from the present state on', async () => {
    const { scene } = graph;
    scene.orders.set('A', 3);
    const follower = follow(graph.client(), orders, { id: 'A' });
    expect(await follower.next()).toEqual({
      data: { orderUpdated: { id: 'A', status: 3, label: 'Order A is 3' } },
    });
    const told = follower.next();
    scene.orders.set('B', 1);
    scene.orders.set('A', 4);
    expect(await told).toEqual({ data: { orderUpdated: { id: 'A', status: 4, label: 'Order A is 4' } } });
    follower.stop();
    await expect.poll(() => scene.orders.followed).toBe(0);
  });

  test('queries and mutations are answered too, and what they change is told', async () => {
    const client = graph.client();
    const follower = follow(client, orders, { id: 'Q' });
    expect(statusOf(await follower.next())).toBe(0);
    const change = follow(client, 'mutation { advance(id: "Q") { status label } }');
    expect(await change.next()).toEqual({ data: { advance: { status: 1, label: 'Order Q is 1' } } });
    expect(statusOf(await follower.next())).toBe(1);
    const query = follow(client, '{ order(id: "Q") { status } }');
    expect(await query.next()).toEqual({ data: { order: { status: 1 } } });
    await expect.poll(() => query.end).toBe('complete');
  });

  test.each([
    ['that cannot be read', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['for what is not there', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['for two things', 'subscription { guarded { id } watched { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['without its variables', orders, 'BAD_USER_INPUT'],
    ['that the subgraph refuses', 'subscription { refused { id } }', 'BAD_USER_INPUT'],
  ])('a subscription %s ends with errors; the connection stays', async (_what, query, code) => {
    const client = graph.client();
    const refused = follow(client, query);
    const reason = await reasonOf(refused);
    expect(codesOf(reason)).toContain(code);
    expect(await follow(client, '{ labels }').next()).toEqual({ data: { labels: 1 } });
  });

  test('an error of one event does not end it', async () => {
    const { scene } = graph;
    const follower = follow(graph.client(), orders, { id: 'E' });
    await follower.next();
    scene.labelsFail = true;
    scene.orders.set('E', 1);
    const { data, errors } = await follower.next();
    expect(data).toEqual({ orderUpdated: { id: 'E', status: 1, label: null } });
    expect(codesOf(errors)).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.path).toEqual(['orderUpdated', 'label']);
    scene.labelsFail = false;
    scene.orders.set('E', 2);
    expect(await follower.next()).toEqual({ data: { orderUpdated: { id: 'E', status: 2, label: 'Order E is 2' } } });
  });
});

describe('who follows', () => {
  const who = 'subscription { orderUpdated(id: "W") { viewer seenBy } }';

  test.each([
    ['authorization', (token: string) => `Bearer ${token}`],
    ['Authorization', (token: string) => `Bearer ${token}`],
    ['authorization', (token: string) => token],
  ])('is told by connection_init, as %s', async (name, write) => {
    const follower = follow(graph.client({ [name]: write(await graph.token({ subject: 'grace' })) }), who);
    expect(await follower.next()).toEqual({ data: { orderUpdated: { viewer: 'grace', seenBy: 'grace' } } });
    graph.scene.orders.set('W', graph.scene.orders.of('W') + 1);
    expect(await follower.next()).toEqual({ data: { orderUpdated: { viewer: 'grace', seenBy: 'grace' } } });
  });

  test('is a guest without a token, and nobody with one that does not hold', async () => {
    expect(await follow(graph.client(), who).next()).toEqual({
      data: { orderUpdated: { viewer: 'guest', seenBy: 'guest' } },
    });
    const forged = follow(graph.client({ authorization: 'Bearer abc.def.ghi' }), who);
    expect(await reasonOf(forged)).toMatchObject({ code: 4403 });
  });

  test('follows what the rules of the schema allow', async () => {
    const guarded = 'subscription { guarded { id } }';
    const guest = await reasonOf(follow(graph.client(), guarded));
    expect(codesOf(guest)).toEqual(['UNAUTHENTICATED']);
    const customer = graph.client({ authorization: await graph.token() });
    expect(codesOf(await reasonOf(follow(customer, guarded)))).toEqual(['FORBIDDEN']);
    const staff = graph.client({ authorization: await graph.token({ kind: 'staff', scopes: ['orders:read'] }) });
    expect(await follow(staff, guarded).next()).toEqual({ data: { guarded: { id: '1' } } });
  });

  test('is denied single fields in each event', async () => {
    const follower = follow(graph.client(), 'subscription { orderUpdated(id: "D") { status cost label } }');
    for (const status of [0, 1]) {
      graph.scene.orders.set('D', status);
      const { data, errors } = await follower.next();
      expect(data).toEqual({ orderUpdated: { status, cost: null, label: `Order D is ${status}` } });
      expect(codesOf(errors)).toEqual(['UNAUTHENTICATED']);
      expect(errors?.[0]?.path).toEqual(['orderUpdated', 'cost']);
    }
  });

  test('follows no longer once the rules deny it', async () => {
    const client = graph.client({ authorization: await graph.token() });
    const follower = follow(client, 'subscription { watched { id status } }');
    expect(await follower.next()).toEqual({ data: { watched: { id: '1', status: 0 } } });
    granted.delete('watching');
    graph.scene.orders.set('1', 5);
    const reason = await reasonOf(follower);
    granted.add('watching');
    expect(codesOf(reason)).toEqual(['FORBIDDEN']);
    await expect.poll(() => follower.end).toBeDefined();
  });

  test('is sent away when its token has expired, with the advice to bring another', async () => {
    const token = await graph.token({ expires: '2s' });
    const follower = follow(graph.client({ authorization: token }), orders, { id: 'T' });
    await follower.next();
    const reason = await reasonOf(follower);
    expect(reason).toMatchObject({ code: 4403, reason: 'The credential has expired.' });
    await expect.poll(() => graph.scene.orders.followed).toBe(0);
  });
});

describe('what is followed at the subgraph', () => {
  const stock = 'subscription($skus: [String!]!) { stockChanged(skus: $skus) { sku stock } }';

  test('guests who watch the same share one stream, and each is told the present state first', async () => {
    const { items } = graph.scene;
    items.set('MUG', 9);
    items.set('PAN', 4);
    const variables = { skus: ['MUG', 'PAN'] };
    const first = follow(graph.client(), stock, variables);
    expect([await first.next(), await first.next()]).toEqual([
      { data: { stockChanged: { sku: 'MUG', stock: 9 } } },
      { data: { stockChanged: { sku: 'PAN', stock: 4 } } },
    ]);
    const changed = first.next();
    items.set('MUG', 8);
    await changed;
    const others = Array.from({ length: 20 }, () => follow(graph.client(), stock, variables));
    for (const other of others) {
      expect(await other.next()).toEqual({ data: { stockChanged: { sku: 'MUG', stock: 8 } } });
      expect(await other.next()).toEqual({ data: { stockChanged: { sku: 'PAN', stock: 4 } } });
    }
    expect(items.followed).toBe(1);
    const everyone = [first, ...others].map((follower) => follower.next());
    items.set('PAN', 3);
    for (const told of await Promise.all(everyone)) {
      expect(told).toEqual({ data: { stockChanged: { sku: 'PAN', stock: 3 } } });
    }
    first.stop();
    for (const other of others.slice(1)) other.stop();
    const last = others[0]?.next();
    items.set('MUG', 7);
    expect(await last).toEqual({ data: { stockChanged: { sku: 'MUG', stock: 7 } } });
    others[0]?.stop();
    await expect.poll(() => items.followed).toBe(0);
  });

  test('is never shared by those who are known, nor where something is added to events', async () => {
    const { items, orders: followedOrders } = graph.scene;
    const known = graph.client({ authorization: await graph.token({ subject: 'one' }) });
    const followers = [known, known, graph.client()].map((client) => follow(client, stock, { skus: ['POT'] }));
    for (const follower of followers) await follower.next();
    expect(items.followed).toBe(3);
    const added = [graph.client(), graph.client()].map((client) => follow(client, orders, { id: 'S' }));
    for (const follower of added) await follower.next();
    expect(followedOrders.followed).toBe(2);
    for (const follower of [...followers, ...added]) follower.stop();
    await expect.poll(() => items.followed + followedOrders.followed).toBe(0);
  });
});

describe('a subgraph that goes away', () => {
  test('is followed again when it is back, with what has changed meanwhile', async () => {
    const { scene } = graph;
    const follower = follow(graph.client(), orders, { id: 'G' });
    expect(statusOf(await follower.next())).toBe(0);
    await graph.stop('orders');
    scene.orders.set('G', 41);
    await graph.start('orders');
    expect(statusOf(await follower.next())).toBe(41);
    scene.orders.set('G', 42);
    expect(statusOf(await follower.next())).toBe(42);
    follower.stop();
  });
});

test('goes on under a new schema where it can, and else ends with the advice to subscribe again', async () => {
  const { orders: followed } = graph.scene;
  const client = graph.client();
  const fields = { kept: 'status label', gone: 'status cost', guarded: 'seenBy', moved: 'text(length: 2)' };
  const followers = new Map<string, Follower>();
  for (const [name, selection] of Object.entries(fields)) {
    followers.set(name, follow(client, `subscription { orderUpdated(id: "N") { ${selection} } }`));
  }
  const next = (name: string) => followers.get(name)?.next();
  for (const name of followers.keys()) await next(name);
  const text = 'text(length: Int!): String';
  const changed = composedOf(
    ordersSdl.replace(`${text}\n    cost: Int @requiresScopes(scopes: [["orders:cost"]])`, ''),
    labelsSdl.replace('seenBy: String', `seenBy: String @authenticated ${text} colour: String`),
  );
  expect(await host.offer(changed, 'warn')).toEqual({ kind: 'serving' });

  const ended = ['gone', 'guarded', 'moved'].map((name) => next(name)?.catch((reason: unknown) => reason));
  followed.set('N', 1);
  expect(await next('kept')).toEqual({ data: { orderUpdated: { status: 1, label: 'Order N is 1' } } });
  const [gone, guarded, moved] = await Promise.all(ended);
  expect(gone).toMatchObject([
    { message: expect.stringContaining('subscribe again'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    { message: expect.stringContaining('"cost"') },
  ]);
  expect(guarded).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(moved).toMatchObject([
    { message: 'The schema has changed; subscribe again.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
  ]);
  // The same stream goes on, and those of the others have ended.
  await expect.poll(() => followed.followed).toBe(1);
  followed.set('N', 2);
  expect(await next('kept')).toEqual({ data: { orderUpdated: { status: 2, label: 'Order N is 2' } } });
  expect(await host.offer(composedOf(ordersSdl, labelsSdl), 'warn')).toEqual({ kind: 'serving' });
});
