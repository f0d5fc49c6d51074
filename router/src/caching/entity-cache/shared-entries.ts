import { createHash } from 'node:crypto';
import type { Logger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { tellOutages } from '../../redis-outages.ts';
import type { Entry } from './entries.ts';

/** Entries that several routers share. Nothing of it ever fails or keeps anyone waiting: then there is no entry. */
export interface SharedEntries {
  /** One round trip. */
  find(keys: readonly string[]): Promise<readonly (Entry | undefined)[]>;
  /** Some time later, if at all. */
  store(key: string, entry: Entry): void;
  close(): void;
}

/** The queues' own server: see `QueueConnection`. */
export interface RedisServer {
  readonly url: string;
  readonly prefix?: string | undefined;
}

/** Milliseconds that a read may take, and for which none is tried after one that took longer. */
const patienceMs = 50;
const restMs = 1_000;
/** What a connection says of itself at its start may take as long as the connection: nobody waits for it. */
const connectingMs = 2_000;
/** Writes that wait for their turn; more are let go. */
const mostWaiting = 1_000;
/** The queues live there too: within each of these spans a router adds no more than it may, and nothing stays longer. */
const spanMs = 5 * 60_000;
const mostOfOne = 64 * 1024;

const stored = z.tuple([
  z.record(z.string(), z.unknown()).nullable(),
  z.number(),
  z.number(),
  z.number(),
  z.array(z.string()),
]);

/** @param maxBytes that this router adds within five minutes; what it adds is there for as long at most */
export function redisEntries(
  { url, prefix = 'mercato' }: RedisServer,
  maxBytes: number,
  logger: Pick<Logger, 'warn' | 'info'>,
): SharedEntries {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: connectingMs,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  tellOutages(redis, logger, {
    away: 'Entities are kept by this router alone until Redis can be reached',
    back: 'Entities are shared with other routers again',
  });
  return new RedisEntries(redis, { prefix: `${prefix}:entity:`, maxBytes });
}

class RedisEntries implements SharedEntries {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #maxBytes: number;
  #restUntil = 0;
  #spanEnds = 0;
  #added = 0;
  #waiting: [key: string, entry: Entry][] = [];

  constructor(redis: Redis, { prefix, maxBytes }: { prefix: string; maxBytes: number }) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#maxBytes = maxBytes;
  }

  async find(keys: readonly string[]): Promise<readonly (Entry | undefined)[]> {
    if (!this.#isUsable()) return [];
    try {
      const found = await patiently(this.#redis.mget(keys.map((key) => this.#keyOf(key))));
      return found.map((text) => (text === null ? undefined : readEntry(text)));
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
      const text = JSON.stringify([value, number, leftAt, expiresAt, tags]);
      if (expiresAt > now && this.#mayAdd(text.length, now)) {
        pipeline.set(this.#keyOf(key), text, 'PX', Math.min(expiresAt - now, spanMs));
      }
    }
    patiently(pipeline.exec()).catch(() => {
      this.#restUntil = Date.now() + restMs;
    });
  }

  #mayAdd(length: number, now: number): boolean {
    if (now >= this.#spanEnds) {
      this.#spanEnds = now + spanMs;
      this.#added = 0;
    }
    if (length > mostOfOne || this.#added + length > this.#maxBytes) return false;
    this.#added += length;
    return true;
  }

  /** A digest: what was asked for stays unsaid, however long it is. */
  #keyOf(key: string): string {
    return this.#prefix + createHash('sha256').update(key).digest('base64url');
  }
}

/** The outcome, unless it takes too long. */
function patiently<T>(outcome: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Redis did not answer in time.')), patienceMs);
    outcome.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

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
