import type { Logger } from '@mercato/telemetry';
import { createRedisBackend, type IQueueBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { broadcastStream, mostBroadcasts } from '../broadcast.ts';
import { addTimeout, workerRetryDelay } from '../policy.ts';
import { type AnyQueue, type AnyWorker, type Backend, QueueUnavailableError, reasonOf, redactUrl } from './backend.ts';

/** Quick enough that nobody waits long for a server that came back; slow enough not to hammer one that starts. */
const retryStrategy = (times: number) => Math.min(times * 200, 1_000);

/** Redis that senders share: waits for a short interruption, then rejects what waits, unsent. */
const senderOptions = {
  retryStrategy,
  connectTimeout: 2_000,
  maxRetriesPerRequest: 3,
  commandTimeout: addTimeout,
};

/** Redis of workers: holds on for as long as the server is away, since nobody waits for their answer. */
const workerOptions = { retryStrategy, maxRetriesPerRequest: null };

/** @throws QueueUnavailableError */
export async function connectRedis(
  { url, prefix = 'mercato' }: { url: string; prefix?: string },
  logger: Logger,
): Promise<Backend> {
  const server = redactUrl(url);
  const senders = new Redis(url, { ...senderOptions, lazyConnect: true });
  const listeners: ((error: Error) => void)[] = [];
  senders.on('error', (error) => {
    for (const listener of listeners) listener(error);
  });
  await inspect(senders, server, logger);

  return {
    kind: 'redis',
    server,
    createQueue: (name): AnyQueue =>
      // The connection is inspected above; a queue made while the server is away must not wait for it here.
      new Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend>(
        name,
        { connection: senders, prefix, skipWaitingForReady: true, skipVersionCheck: true },
        createRedisBackend,
      ),
    createWorker: (name, processor, options): AnyWorker =>
      new Worker<unknown, unknown, string, IQueueBackend>(
        name,
        processor,
        { ...options, connection: { url, ...workerOptions }, prefix, runRetryDelay: workerRetryDelay },
        createRedisBackend,
      ),
    // Redis runs each of BullMQ's scripts whole.
    exclusively: (_key, work) => work(),
    broadcast: async (topic, message) => {
      await senders.xadd(broadcastStream(topic, prefix), 'MAXLEN', '~', mostBroadcasts, '*', 'message', message);
    },
    ping: async () => {
      await senders.ping();
    },
    onError: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      if (senders.status === 'ready') await senders.quit();
      else senders.disconnect();
    },
  };
}

const minimumVersion = [6, 2] as const;

async function inspect(redis: Redis, server: string, logger: Logger): Promise<void> {
  const info = await firstInfo(redis, server);
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();

  const version = field('valkey_version') ?? field('redis_version') ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < minimumVersion[0] || (major === minimumVersion[0] && minor < minimumVersion[1])) {
    redis.disconnect();
    throw new QueueUnavailableError(`Redis at ${server} is version ${version}; queues want 6.2 or newer.`);
  }
  const policy = field('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    logger.warn(
      { server, maxmemoryPolicy: policy },
      `Redis at ${server} drops keys when memory is short (maxmemory-policy ${policy}), and jobs with them; set it to noeviction.`,
    );
  }
}

async function firstInfo(redis: Redis, server: string): Promise<string> {
  // The call itself is only told that the connection closed; why is told to listeners.
  let reason: unknown;
  const note = (error: Error) => {
    reason = error;
  };
  redis.on('error', note);
  try {
    await redis.connect();
    return await redis.info();
  } catch (error) {
    redis.disconnect();
    throw new QueueUnavailableError(`Redis at ${server} cannot be used: ${reasonOf(reason ?? error)}.`, {
      cause: reason ?? error,
    });
  } finally {
    redis.off('error', note);
  }
}
