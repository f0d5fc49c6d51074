import { createLogger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PersistedQueries, sha256 } from '../src/trusted-documents/persisted-queries.ts';
import { redisTexts } from '../src/trusted-documents/redis-texts.ts';
import { hasRedis, type RedisServer, redisServer } from './redis-server.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const text = '{ a }';
const hash = sha256(text);

describe('in one process', () => {
  test('what was registered is found, what was not is not', () => {
    const queries = new PersistedQueries({ logger });
    expect(queries.get(hash)).toBeUndefined();
    queries.register(hash, text);
    expect(queries.get(hash)).toBe(text);
  });

  test('memory is bounded by bytes, the latest used stays', () => {
    const queries = new PersistedQueries({ logger, bytes: 100_000 });
    const texts = Array.from({ length: 200 }, (_, index) => `{ a${index} ${'b '.repeat(500)} }`);
    const [first = ''] = texts;
    for (const each of texts) {
      queries.register(sha256(each), each);
      queries.get(sha256(first));
    }
    const kept = texts.filter((each) => queries.get(sha256(each)) !== undefined);
    expect(kept.length).toBeLessThan(50);
    expect(kept).toContain(first);
    expect(kept).toContain(texts.at(-1));
  });

  test('texts that nobody’s program writes are not kept', () => {
    const queries = new PersistedQueries({ logger });
    const long = `{ a ${' '.repeat(300_000)} }`;
    queries.register(sha256(long), long);
    expect(queries.get(sha256(long))).toBeUndefined();
  });
});

describe.skipIf(!hasRedis)('shared in Redis', () => {
  let server: RedisServer;
  let shared: ReturnType<typeof redisTexts>;
  let redis: Redis;
  beforeAll(async () => {
    server = await redisServer();
    redis = new Redis(server.url);
    redis.on('error', () => {
      // Away on purpose.
    });
    shared = redisTexts(server.url);
    await vi.waitFor(() => shared.get('anything'));
  });
  afterAll(async () => {
    shared?.close();
    redis?.disconnect();
    await server?.remove();
  });
  const router = (log = logger) => new PersistedQueries({ logger: log, shared });

  test('what one router was told another knows, for a day', async () => {
    router().register(hash, text);
    const key = `mercato:persisted-query:${hash}`;
    await vi.waitFor(async () => expect(await redis.get(key)).toBe(text));
    const other = router();
    expect(await other.get(hash)).toBe(text);
    // From here on without Redis.
    expect(other.get(hash)).toBe(text);
    const seconds = await redis.ttl(key);
    expect(seconds).toBeGreaterThan(86_000);
    expect(seconds).toBeLessThanOrEqual(86_400);
  });

  test('what does not have its hash is not believed', async () => {
    await redis.set(`mercato:persisted-query:${sha256('{ b }')}`, 'mutation { takeOver }');
    expect(await router().get(sha256('{ b }'))).toBeUndefined();
  });

  test('a Redis that hangs is not waited for', async () => {
    server.freeze();
    try {
      const startedAt = performance.now();
      expect(await router().get(sha256('{ f }'))).toBeUndefined();
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    } finally {
      server.thaw();
    }
  });

  test('without Redis nothing is found, nothing fails, and it is told once; it is used again when it is back', async () => {
    const lines: string[] = [];
    const log = createLogger({
      name: 'test',
      level: 'warn',
      destination: { write: (line: string) => lines.push(line) },
    });
    const queries = router(log);
    await server.stop();
    for (const each of ['{ c }', '{ d }', '{ e }']) expect(await queries.get(sha256(each))).toBeUndefined();
    queries.register(hash, text);
    expect(queries.get(hash)).toBe(text);
    await vi.waitFor(() => expect(lines).toHaveLength(1));

    await server.start();
    await vi.waitFor(
      async () => {
        router().register(hash, text);
        expect(await router().get(hash)).toBe(text);
      },
      { timeout: 10_000, interval: 100 },
    );
  });
});
