import { createHash } from 'node:crypto';
import type { Logger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Entry } from './entries.ts';

/** Entries that several routers share. Nothing of it ever fails or keeps anyone waiting: then there is no entry. */
export interface SharedEntries {
  /** One round trip. */
  find(keys: readonly string[]): Promise<readonly (Entry | undefined)[]>;
  /** Some time later, if at all. */
  store(key: string, entry: Entry): void;
  close(): void;
}

const prefix = 'mercato:entity:';
/** Milliseconds that a read may take, and for which none is tried after one that took longer. */
const patienceMs = 50;
const restMs = 1_000;
/** Writes that wait for their turn; more are let go. */
const mostWaiting = 1_000;

const stored = z.tuple([
  z.record(z.string(), z.unknown()).nullable(),
  z.number(),
  z.number(),
  z.number(),
  z.array(z.string()),
]);

export function redisEntries(url: string, logger: Pick<Logger, 'warn' | 'info'>): SharedEntries {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: patienceMs,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  let isBack = true;
  redis.on('error', (error) => {
    if (isBack) logger.warn({ err: error }, 'Entities are kept by this router alone: Redis is away');
    isBack = false;
  });
  redis.on('ready', () => {
    if (!isBack) logger.info('Entities are shared with other routers again');
    isBack = true;
  });
  return new RedisEntries(redis);
}

class RedisEntries implements SharedEntries {
  readonly #redis: Redis;
  #restUntil = 0;
  #waiting: [key: string, entry: Entry][] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async find(keys: readonly string[]): Promise<readonly (Entry | undefined)[]> {
    if (!this.#isUsable()) return [];
    try {
      return (await this.#redis.mget(keys.map(redisKey))).map((text) => (text === null ? undefined : readEntry(text)));
    } catch {
      // Away or slow: what is not found is asked for. It is told where the connection breaks.
      this.#restUntil = Date.now() + restMs;
      return [];
    }
  }

  store(key: string, entry: Entry): void {
    if (this.#waiting.length >= mostWaiting || !this.#isUsable()) return;
    this.#waiting.push([key, entry]);
    if (this.#waiting.length === 1) setImmediate(() => this.#write());
  }

  close(): void {
    this.#redis.disconnect();
  }

  #isUsable(): boolean {
    return this.#redis.status === 'ready' && Date.now() >= this.#restUntil;
  }

  #write(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (!this.#isUsable()) return;
    const pipeline = this.#redis.pipeline();
    const now = Date.now();
    for (const [key, { value, number, leftAt, expiresAt, tags }] of waiting) {
      if (expiresAt <= now) continue;
      pipeline.set(redisKey(key), JSON.stringify([value, number, leftAt, expiresAt, tags]), 'PX', expiresAt - now);
    }
    pipeline.exec().catch(() => {
      this.#restUntil = Date.now() + restMs;
    });
  }
}

/** A digest: what was asked for stays unsaid, however long it is. */
const redisKey = (key: string): string => prefix + createHash('sha256').update(key).digest('base64url');

function readEntry(text: string): Entry | undefined {
  const { success, data } = stored.safeParse(parseJson(text));
  if (!success) return undefined;
  const [value, number, leftAt, expiresAt, tags] = data;
  return { value, number, leftAt, expiresAt, tags };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
