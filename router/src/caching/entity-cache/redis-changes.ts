import { setTimeout as wait } from 'node:timers/promises';
import { decodeChanges, entityChangesTopic } from '@mercato/outbox';
import { broadcastStream, mostBroadcasts, reasonOf } from '@mercato/queue';
import type { Logger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import type { ChangeFeed, ChangeFollower } from './changes.ts';
import type { RedisServer } from './shared-entries.ts';

/** Milliseconds that one reading waits for news, and after which a connection that gave no sign is made anew. */
const readingMs = 2_000;
const silenceMs = 4_000;
const pauseMs = 200;

/**
 * Reads the changes that Redis remembers, the last ones from before this process first: with their numbers several routers
 * tell whether what another keeps is still so. One reading connection.
 */
export function redisChanges({ url, prefix }: RedisServer, logger: Pick<Logger, 'warn' | 'info'>): ChangeFeed {
  return new RedisChanges(url, broadcastStream(entityChangesTopic, prefix), logger);
}

type StreamEntry = [id: string, fields: string[]];

class RedisChanges implements ChangeFeed {
  isUpToDate = false;
  readonly #redis: Redis;
  readonly #stream: string;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  #lastId = '0-0';
  #closed = false;
  #running: Promise<void> | undefined;

  constructor(url: string, stream: string, logger: Pick<Logger, 'warn' | 'info'>) {
    this.#stream = stream;
    this.#logger = logger;
    this.#redis = new Redis(url, {
      // Whatever breaks off is begun again from the last change that was heard of.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: silenceMs,
      retryStrategy: (times) => Math.min(times * 100, 1_000),
    });
    this.#redis.on('error', () => {
      // Told by the readings that fail.
    });
  }

  follow(follower: ChangeFollower): void {
    this.#running ??= this.#run(follower);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#redis.disconnect();
    await this.#running;
  }

  async #run(follower: ChangeFollower): Promise<void> {
    let isTold = false;
    while (!this.#closed) {
      try {
        if (this.#redis.status === 'ready') {
          // What was told while nobody read, to a Redis that went down with it, is nowhere.
          follower.missed();
          await this.#catchUp(follower);
          if (isTold) this.#logger.info('Changes of entities are heard of again');
          isTold = false;
          this.isUpToDate = true;
          while (!this.#closed) await this.#read(follower);
        }
      } catch (error) {
        if (!this.#closed && !isTold) {
          this.#logger.warn(
            { reason: reasonOf(error) },
            'Changes of entities cannot be heard of; what is kept ends by its lifetime',
          );
        }
        isTold = true;
        // One that no longer answers looks like one without news.
        if (!this.#closed && this.#redis.status === 'ready') this.#redis.disconnect(true);
      }
      this.isUpToDate = false;
      if (!this.#closed) await wait(pauseMs, undefined, { ref: false });
    }
  }

  async #catchUp(follower: ChangeFollower): Promise<void> {
    const entries = (await this.#redis.xrevrange(this.#stream, '+', '-', 'COUNT', mostBroadcasts)).reverse();
    const [oldest] = entries;
    if (oldest && entries.length >= mostBroadcasts) follower.unknownBefore(numberOf(oldest[0]));
    this.#lastId = '0-0';
    this.#tell(entries, follower);
  }

  async #read(follower: ChangeFollower): Promise<void> {
    const found = await this.#redis.xread('COUNT', 1_000, 'BLOCK', readingMs, 'STREAMS', this.#stream, this.#lastId);
    for (const [, entries] of found ?? []) this.#tell(entries, follower);
  }

  #tell(entries: readonly StreamEntry[], follower: ChangeFollower): void {
    for (const [id, fields] of entries) {
      this.#lastId = id;
      const changed = decodeChanges(fields[1] ?? '');
      if (changed) follower.heard({ ...changed, number: numberOf(id) });
    }
  }
}

/** Ids of a stream are milliseconds and a count within each. */
function numberOf(id: string): number {
  const [ms = '0', count = '0'] = id.split('-');
  return Number(ms) * 4_096 + Math.min(Number(count), 4_095);
}
