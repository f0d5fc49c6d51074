import { Redis } from 'ioredis';
import type { SharedTexts } from './persisted-queries.ts';

const prefix = 'mercato:persisted-query:';

/** Texts under their hash in Redis, for all routers that share it. A Redis that is away rejects at once. */
export function redisTexts(url: string): SharedTexts & { close(): void } {
  const redis = new Redis(url, {
    // A client has the text at hand: nothing waits for a Redis that is away.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  redis.on('error', () => {
    // Told by the commands that fail.
  });
  return {
    get: (hash) => redis.get(prefix + hash),
    set: async (hash, text, seconds) => {
      await redis.set(prefix + hash, text, 'EX', seconds);
    },
    close: () => redis.disconnect(),
  };
}
