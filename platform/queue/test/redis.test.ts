import { createLogger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectQueues, defineJob, handle, QueueUnavailableError } from '../src/index.ts';
import { redisServer, startTestServer, type TestServer } from './servers.ts';

const job = defineJob({ queue: 'redis', name: 'x', payload: z.object({ n: z.int() }) });

describe.skipIf(!redisServer)('Redis alone', () => {
  let server: TestServer;
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } });

  beforeAll(async () => {
    server = await startTestServer('redis');
  });
  afterAll(() => server.remove());

  async function onServer<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(server.connection.url);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  test('a server that would drop jobs when memory is short is warned of', async () => {
    await onServer((redis) => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    const queues = await connectQueues(server.connection, { logger });
    await queues.close();
    await onServer((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction'));

    expect(lines.splice(0)).toMatchObject([
      { level: 40, maxmemoryPolicy: 'allkeys-lru', msg: expect.stringContaining('noeviction') },
    ]);
  });

  test('two prefixes on one server do not see each other', async () => {
    if (server.connection.kind !== 'redis') throw new Error('This is about Redis.');
    const [one, other] = await Promise.all([
      connectQueues({ ...server.connection, prefix: 'shop-1' }, { logger }),
      connectQueues({ ...server.connection, prefix: 'shop-2' }, { logger }),
    ]);
    await one.add(job, { n: 1 });
    expect([await one.counts('redis'), await other.counts('redis')]).toMatchObject([{ waiting: 1 }, { waiting: 0 }]);
    await Promise.all([one.close(), other.close()]);
  });

  test('a server that takes the command and does not answer rejects senders within seconds', async () => {
    const queues = await connectQueues(server.connection, { logger });
    await queues.add(job, { n: 1 });
    const pause = 9_000;
    await onServer((redis) => redis.client('PAUSE', pause));

    const asked = Date.now();
    await expect(queues.add(job, { n: 2 })).rejects.toThrow(QueueUnavailableError);
    expect(Date.now() - asked).toBeLessThan(pause - 2_000);
    await onServer((redis) => redis.client('UNPAUSE'));
    await expect
      .poll(
        () =>
          queues.add(job, { n: 3 }).then(
            () => 'added',
            () => 'refused',
          ),
        { timeout: 10_000 },
      )
      .toBe('added');
    await queues.close();
  }, 30_000);

  test('closing while the server is away ends within its bounds', async () => {
    const queues = await connectQueues(server.connection, { logger });
    await queues.work('redis-idle', [handle({ ...job, queue: 'redis-idle' }, async () => {})]);
    await server.down();
    const asked = Date.now();
    await queues.close();
    expect(Date.now() - asked).toBeLessThan(5_000);
    await server.up();
  }, 30_000);
});
