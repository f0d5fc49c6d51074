import { randomUUID } from 'node:crypto';
import { encodeChanges, entityChangesTopic } from '@mercato/outbox';
import { connectQueues, type Queues } from '@mercato/queue';
import { createLogger } from '@mercato/telemetry';
import { emptyTestDatabase, type TestDatabase } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EntityCache } from '../src/caching/entity-cache/entity-cache.ts';
import { redisChanges } from '../src/caching/entity-cache/redis-changes.ts';
import { type ConnectedEntityCache, connectEntityCache } from '../src/caching/entity-cache/settings.ts';
import { redisEntries } from '../src/caching/entity-cache/shared-entries.ts';
import { type GraphOfTest, graphOf } from './graph/graph-of.ts';
import { ask } from './graph/running-graph.ts';
import { hasRedis, type RedisServer, redisServer } from './redis-server.ts';

const sdl = (further = '') => `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://mercato.dev/specs/cacheControl/v0.1", import: ["@cacheControl"])
    @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  type Query { product(id: ID!): Product @cacheControl(maxAge: 60) ${further} }
  type Product @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! title: String }
`;

const logger = createLogger({ name: 'test', level: 'silent' });
const within = { timeout: 1_000, interval: 10 };
/** For what is made anew: a connection, a server. */
const soon = { timeout: 15_000, interval: 20 };

let calls: number;
/** What earlier tests left in Redis is of other products. */
let id: string;
let title: string;
const running: { graph: GraphOfTest; cache: ConnectedEntityCache | undefined }[] = [];
let queues: Queues;

const router = async (queue: Parameters<typeof connectEntityCache>[1], further?: string): Promise<GraphOfTest> => {
  const resolvers = {
    Query: {
      product: (_: unknown, { id }: { id: string }) => {
        calls += 1;
        return { id, title };
      },
    },
  };
  const cache = connectEntityCache(8, queue, logger);
  const graph = await graphOf({ catalog: { sdl: sdl(further), resolvers } }, { entityCache: cache });
  running.push({ graph, cache });
  return graph;
};
const titleAt = async ({ router: { url } }: GraphOfTest) => {
  const { data, errors } = await ask(url, `{ product(id: "${id}") { id title } }`);
  expect(errors).toEqual([]);
  return (data as { product: { title: string } }).product.title;
};
const tell = async (key: string) => {
  for (const message of encodeChanges('catalog', [{ type: 'Product', keys: [key] }])) {
    await queues.broadcast(entityChangesTopic, message);
  }
};
/** Until changes are heard: what is told before a router listens is for nobody. */
const listens = (graph: GraphOfTest) =>
  expect
    .poll(async () => {
      await tell('nobody');
      return graph.router.entityCache()?.invalidations;
    }, soon)
    .toBeGreaterThan(0);

beforeEach(() => {
  calls = 0;
  id = randomUUID();
  title = 'Old';
});
afterEach(async () => {
  for (const { graph, cache } of running.splice(0)) {
    await graph.close();
    await cache?.close();
  }
});

describe.skipIf(!hasRedis)('routers with one Redis', () => {
  let redis: RedisServer;
  const queue = () => ({ kind: 'redis', url: redis.url }) as const;
  beforeAll(async () => {
    redis = await redisServer();
    queues = await connectQueues(queue(), { logger });
  });
  afterAll(async () => {
    redis.thaw();
    await queues.close();
    await redis.remove();
  });

  test('share what one asked for, and hear of a change within a second', async () => {
    const routers = [await router(queue()), await router(queue())] as const;
    for (const each of routers) await listens(each);
    await titleAt(routers[0]);
    await expect
      .poll(async () => [await titleAt(routers[1]), routers[1].router.entityCache()?.hits], within)
      .toEqual(['Old', expect.any(Number)]);
    const before = calls;
    for (const each of routers) expect(await titleAt(each)).toBe('Old');
    expect(calls).toBe(before);

    title = 'New';
    await tell(id);
    for (const each of routers) await expect.poll(() => titleAt(each), within).toBe('New');
    expect(calls).toBeLessThanOrEqual(before + 2);
  });

  test('one that starts later takes what is kept, but nothing from before a change', async () => {
    const first = await router(queue());
    await listens(first);
    await titleAt(first);
    const second = await router(queue());
    await listens(second);
    await expect
      .poll(async () => {
        await titleAt(second);
        return second.router.entityCache()?.sharedHits;
      }, within)
      .toBe(1);
    expect(calls).toBe(1);

    // The first no longer listens: what it kept stays in Redis as it is.
    const [gone] = running.splice(0, 1);
    await gone?.graph.close();
    await gone?.cache?.close();
    title = 'New';
    await tell(id);
    const third = await router(queue());
    await listens(third);
    expect(await titleAt(third)).toBe('New');
  });

  test('whose clocks differ keep what another shares for no longer than its lifetime, and not as later than it was', async () => {
    const shared = redisEntries(queue(), 1_000_000, logger);
    const changes = redisChanges(queue(), logger);
    const cache = new EntityCache({ maxBytes: 1_000_000, shared, changes }, () => {});
    try {
      await expect.poll(() => cache.isShared, soon).toBe(true);
      const policy = { id: 'x', maxAge: 1_000, places: [], searched: new Set<string>() };
      const ahead = Date.now() + 60_000;
      const theirs = { value: { id }, number: 0, leftAt: ahead, expiresAt: ahead + policy.maxAge, tags: [] };
      const find = async () => (await cache.findShared([id], policy))[0];
      await expect
        .poll(async () => {
          shared.store(id, theirs);
          return find();
        }, soon)
        .toMatchObject({ value: { id } });
      expect((await find())?.expiresAt).toBeLessThanOrEqual(Date.now() + policy.maxAge);
      // Its own client changed something now, which the other's answer may not show.
      expect(cache.find(id, undefined)?.value).toEqual({ id });
      expect(cache.find(id, Date.now())).toBeUndefined();
    } finally {
      shared.close();
      await changes.close();
    }
  });

  test('hear nothing of a Redis that is slow to start: it is shared as soon as it answers', async () => {
    const told: string[] = [];
    const tell = (_fields: unknown, event?: string) => told.push(event ?? '');
    redis.freeze();
    const shared = redisEntries(queue(), 1_000_000, { warn: tell, info: tell });
    setTimeout(() => redis.thaw(), 300);
    const entry = { value: { id }, number: 0, leftAt: Date.now(), expiresAt: Date.now() + 60_000, tags: [] };
    await expect
      .poll(() => {
        shared.store(id, entry);
        return shared.find([id]);
      }, soon)
      .toEqual([entry]);
    expect(told).toEqual([]);
    shared.close();
  });

  test('of another schema share nothing', async () => {
    const first = await router(queue());
    await listens(first);
    await titleAt(first);
    const other = await router(queue(), 'more: Int');
    await listens(other);
    await titleAt(other);
    expect(other.router.entityCache()).toMatchObject({ hits: 0, sharedHits: 0, stores: 1 });
  });

  test('go on while it hangs, and without it; what is told afterwards is heard', async () => {
    const each = await router(queue());
    await listens(each);
    await titleAt(each);
    const timeOfTen = async (kind: string) => {
      const startedAt = performance.now();
      for (let n = 0; n < 10; n += 1) {
        const { data } = await ask(each.router.url, `{ product(id: "${kind} ${n}") { id title } }`);
        expect(data).toMatchObject({ product: {} });
      }
      return performance.now() - startedAt;
    };
    const usual = await timeOfTen('before');
    redis.freeze();
    // Those that waited each would take half a second more.
    expect(await timeOfTen('frozen')).toBeLessThan(2 * usual + 450);
    redis.thaw();

    await redis.stop();
    expect(await titleAt(each)).toBe('Old');
    await redis.start();
    const { invalidations: before = 0 } = each.router.entityCache() ?? {};
    title = 'New';
    await expect
      .poll(async () => {
        await tell('nobody').catch(() => undefined);
        return each.router.entityCache()?.invalidations;
      }, soon)
      .toBeGreaterThan(before);
    // Whatever was told meanwhile may have been missed.
    expect(await titleAt(each)).toBe('New');
    title = 'Newer';
    await tell(id);
    await expect.poll(() => titleAt(each), within).toBe('Newer');
  });
});

describe('routers with the queues in Postgres', () => {
  let database: TestDatabase;
  const queue = () => ({ kind: 'postgres', url: database.url }) as const;
  beforeAll(async () => {
    database = await emptyTestDatabase('queue');
    queues = await connectQueues(queue(), { logger });
  });
  afterAll(async () => {
    await queues.close();
    await database.drop();
  });

  test('hear of a change within a second, each', async () => {
    const routers = [await router(queue()), await router(queue())];
    for (const each of routers) await listens(each);
    for (const each of routers) expect(await titleAt(each)).toBe('Old');
    for (const each of routers) expect(await titleAt(each)).toBe('Old');
    expect(calls).toBe(2);
    title = 'New';
    await tell(id);
    for (const each of routers) await expect.poll(() => titleAt(each), within).toBe('New');
  });

  test('keep nothing over the time that they did not listen', async () => {
    const each = await router(queue());
    await listens(each);
    await titleAt(each);
    title = 'New';
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'live-listener'",
    );
    await client.end();
    await expect.poll(() => titleAt(each), soon).toBe('New');
  });
});
