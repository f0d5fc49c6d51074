import { createLogger } from '@mercato/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redisAccounts } from '../src/limits/rate/shared-accounts.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { hasRedis, type RedisServer, redisServer } from './redis-server.ts';

/** Other tests may have the machine. */
const patiently = { timeout: 20_000 };

/** So slow that nothing comes back while a test runs, however long a busy machine takes for it. */
const budgets = { guest: { points: 60, seconds: 6_000 }, staff: { points: 600, seconds: 60_000 } };
/** Costs three; may cost ten. */
const products = '{ products { title } }';

/** Each test is another client. */
let clients = 0;
beforeEach(() => {
  clients += 1;
});
const from = (network = 0) => ({ 'x-forwarded-for': `198.51.${network}.${clients}` });

describe('over HTTP', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph({
      rateLimits: { budgets, loopback: true },
      trustProxy: 1,
      corsOrigins: ['https://shop.example'],
    });
  });
  afterAll(() => graph.close());

  const ask = (query: string, headers: Record<string, string> = {}) =>
    graph.ask(query, { headers: { ...from(), ...headers } });
  const get = (query: string) =>
    fetch(`${graph.router.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': 'yes', ...from() },
    });
  const left = (headers: Headers) => Number(/;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

  test('an answer says what is left, once it is known what it cost', async () => {
    const { headers, data } = await ask(products);
    expect(data?.products).toHaveLength(3);
    expect(headers.get('ratelimit-policy')).toBe('"guest";q=60;qu="points";w=6000');
    expect(headers.get('ratelimit')).toBe('"guest";r=57;t=300');
    expect(headers.get('retry-after')).toBeNull();
    expect(graph.log.at(-1)).toMatchObject({ msg: 'operation', estimatedCost: 10, cost: 3 });
  });

  test.each(['POST', 'GET'])('whoever has spent theirs is told when to ask again (%s)', async (method) => {
    for (let count = 0; count < 17; count += 1) expect((await ask(products)).status).toBe(200);
    graph.seen.catalog.calls.splice(0);
    const response = method === 'GET' ? await get(products) : undefined;
    const { status, headers, text } = response
      ? { status: response.status, headers: response.headers, text: await response.text() }
      : await ask(products);
    expect(status).toBe(429);
    const retryAfter = Number(headers.get('retry-after'));
    // One point too much.
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(100);
    expect(headers.get('ratelimit-policy')).toBe('"guest";q=60;qu="points";w=6000');
    expect(headers.get('ratelimit')).toMatch(/^"guest";r=9;t=50\d\d$|^"guest";r=9;t=5100$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(JSON.parse(text)).toEqual({
      errors: [
        {
          message: `The 60 points for 6000 s are spent. Ask again in ${retryAfter} s, or for less.`,
          extensions: { code: 'RATE_LIMITED', retryAfter },
        },
      ],
    });
    expect(graph.seen.catalog.calls).toEqual([]);
    // Less is fine still.
    expect((await ask('{ warehouses }')).status).toBe(200);
  });

  test('each address has points of its own, IPv6 by its network', async () => {
    for (let count = 0; count < 17; count += 1) await ask(products);
    expect((await ask(products)).status).toBe(429);
    expect((await ask(products, from(1))).status).toBe(200);
    const network = `2001:db8:0:${clients}`;
    expect(left((await ask(products, { 'x-forwarded-for': `${network}::1` })).headers)).toBe(57);
    expect(left((await ask(products, { 'x-forwarded-for': `${network}:1:2:3:4` })).headers)).toBe(54);
  });

  test('a credential has them from wherever it asks', async () => {
    const authorization = `Bearer ${await graph.token({ subject: `ada-${clients}` })}`;
    const other = `Bearer ${await graph.token({ subject: `bob-${clients}` })}`;
    const first = await ask(products, { authorization });
    expect(first.headers.get('ratelimit')).toBe('"staff";r=597;t=300');
    expect(left((await ask(products, { authorization, ...from(1) })).headers)).toBe(594);
    expect(left((await ask(products, { authorization: other })).headers)).toBe(597);
    expect(left((await ask(products)).headers)).toBe(57);
  });

  test('racers of one client get what there is', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(products)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(6);
  });

  test('what is refused costs too, and in the end nothing is read any more', async () => {
    const { status, headers } = await ask('{ nothing }');
    expect(status).toBe(200);
    expect(left(headers)).toBe(50);
    for (let count = 0; count < 6; count += 1) await ask(`{ nothing${count} }`);
    const { errors } = await ask('{ nothing }');
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });

  test('a mutation costs ten, and whoever cannot pay changes nothing', async () => {
    const change = 'mutation { adjust(by: 1) }';
    graph.seen.stock.calls.splice(0);
    for (let count = 0; count < 6; count += 1) expect((await ask(change)).errors).toEqual([]);
    expect((await ask(change)).status).toBe(429);
    expect(graph.seen.stock.calls).toHaveLength(6);
  });

  test('pages of other sites can read the headers', async () => {
    const { headers } = await ask(products, { origin: 'https://shop.example' });
    expect(headers.get('access-control-expose-headers')).toMatch(/ratelimit.*retry-after/);
  });
});

test('only proxies that are trusted say where a request came from', async () => {
  const graph = await runGraph({ rateLimits: { budgets, loopback: true } });
  for (let count = 0; count < 18; count += 1) {
    await graph.ask(products, { headers: { 'x-forwarded-for': `203.0.113.${count}` } });
  }
  const last = await graph.ask(products, { headers: { 'x-forwarded-for': '203.0.113.200' } });
  await graph.close();
  expect(last.status).toBe(429);
  // Whoever forgot to name a proxy finds out.
  const told = graph.log.filter(({ msg }) => String(msg).includes('TRUST_PROXY is not set'));
  expect(told).toHaveLength(1);
});

test('what is new is read and planned in a part of the router’s time; what is known is answered', async () => {
  const newDocuments = { milliseconds: 500, seconds: 1_000_000 };
  const graph = await runGraph({ rateLimits: { newDocuments, loopback: true }, trustProxy: 1 });
  const ask = (query: string, network = 0) => graph.ask(query, { headers: from(network) });
  const conditions = Array.from({ length: 40 }, (_, n) => `$v${n}: Boolean = true`).join(' ');
  /** Costs ten points, and some hundred milliseconds to plan. */
  const costly = (number: number) =>
    `query Q${number}(${conditions}) { products { ${Array.from({ length: 40 }, (_, n) => `... @include(if: $v${n}) { id available }`).join(' ')} } }`;
  const ofSchema = '{ __schema { queryType { name } } }';
  expect((await ask(products, 1)).status).toBe(200);
  expect((await ask(ofSchema, 2)).status).toBe(200);

  let number = 0;
  let answer = await ask(costly(number));
  while (answer.status === 200 && number < 1_000) {
    number += 1;
    answer = await ask(costly(number));
  }
  expect(answer).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  graph.seen.catalog.calls.splice(0);
  expect((await ask('{ nothing }')).status).toBe(429);
  // What is asked of the schema is answered by the router itself, each time.
  expect((await ask(ofSchema)).status).toBe(429);
  expect(graph.seen.catalog.calls).toEqual([]);
  expect((await ask(products)).errors).toEqual([]);
  // Once another has asked it, it is known.
  expect((await ask(costly(number), 3)).status).toBe(200);
  expect((await ask(costly(number))).status).toBe(200);
  await graph.close();
});

test('this machine is not counted unless it is asked for', async () => {
  const graph = await runGraph({ rateLimits: { budgets } });
  for (let count = 0; count < 30; count += 1) expect((await graph.ask(products)).status).toBe(200);
  const { headers } = await graph.ask(products);
  await graph.close();
  expect(headers.get('ratelimit')).toBeNull();
});

test('above the maximum an operation is refused with what it may cost, whichever way it comes', async () => {
  const graph = await runGraph({ limits: { maximumCost: 30 } });
  const fits = await graph.ask('{ products { parent { parent { id } } } }');
  graph.seen.catalog.calls.splice(0);
  const query = '{ ...More } fragment More on Query { products { parent { parent { parent { id } } } } }';
  const posted = await graph.ask(query);
  const got = await fetch(`${graph.router.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': 'yes' },
  });
  const body: unknown = await got.json();
  await graph.close();

  expect(fits.errors).toEqual([]);
  const refusal = {
    errors: [
      {
        message: expect.stringContaining('may cost 40 points; at most 30'),
        extensions: { code: 'OPERATION_TOO_COSTLY', estimatedCost: 40, maximumCost: 30 },
      },
    ],
  };
  expect([posted.status, got.status]).toEqual([400, 400]);
  expect(JSON.parse(posted.text)).toMatchObject(refusal);
  expect(body).toMatchObject(refusal);
  expect(graph.seen.catalog.calls).toEqual([]);
});

describe.skipIf(!hasRedis)('through two routers with one Redis', () => {
  let redis: RedisServer;
  const open: { close(): void | Promise<void> }[] = [];
  beforeAll(async () => {
    redis = await redisServer();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  afterAll(() => redis.remove());

  const router = async () => {
    const shared = redisAccounts(redis.url, createLogger({ name: 'test', level: 'silent' }), `test:${clients}:`);
    const graph = await runGraph({ rateLimits: { budgets, loopback: true }, trustProxy: 1, sharedAccounts: shared });
    open.push(graph, shared);
    await expect.poll(() => shared.usable, patiently).toBe(true);
    return graph;
  };

  test('a client has one budget', async () => {
    const [one, other] = [await router(), await router()];
    const statuses: number[] = [];
    for (let count = 0; count < 24; count += 1) {
      statuses.push((await (count % 2 ? one : other).ask(products, { headers: from() })).status);
    }
    // Sixty points, three each, ten at a time: the last do not fit, whichever router they come to.
    expect(statuses.slice(0, 12)).toEqual(Array(12).fill(200));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    await expect
      .poll(async () => (await other.ask(products, { headers: from() })).status, { ...patiently, interval: 50 })
      .toBe(429);
  });

  test('when Redis goes away nobody is refused because of it', async () => {
    const one = await router();
    await redis.stop();
    const { status, headers } = await one.ask(products, { headers: from() });
    await redis.start();
    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toBe('"guest";r=57;t=300');
  });
});
