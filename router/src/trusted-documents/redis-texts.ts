import type { SharedTexts } from './persisted-queries.ts';

/** The two commands of ioredis that are needed. */
export interface RedisCommands {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, unit: 'EX', seconds: number): Promise<unknown>;
}

/** Texts under their hash in Redis, for all routers that share it. */
export const redisTexts = (redis: RedisCommands): SharedTexts => ({
  get: (hash) => redis.get(keyOf(hash)),
  set: async (hash, text, seconds) => {
    await redis.set(keyOf(hash), text, 'EX', seconds);
  },
});

const keyOf = (hash: string): string => `mercato:persisted-query:${hash}`;
