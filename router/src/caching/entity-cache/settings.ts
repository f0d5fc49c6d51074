import type { QueueConnection } from '@mercato/queue';
import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import { heapMb } from '../../memory.ts';
import type { EntityCacheOptions } from './entity-cache.ts';
import { postgresChanges } from './postgres-changes.ts';
import { redisChanges } from './redis-changes.ts';
import { redisEntries } from './shared-entries.ts';

const usualMegabytes = Math.max(1, Math.min(64, Math.floor(heapMb() / 8)));

/** Megabytes for what subgraphs answered; none where it is off. */
export const entityCacheVariables = {
  ENTITY_CACHE: z
    .union([
      z.literal('on').transform(() => usualMegabytes),
      z.literal('off').transform(() => 0),
      z.coerce.number().int().min(1).max(4_096),
    ])
    .default(usualMegabytes)
    .describe('on, off, or how many megabytes it may take in this process, such as 128'),
};

/** An entity cache with its connections. */
export interface ConnectedEntityCache extends EntityCacheOptions {
  close(): Promise<void>;
}

/**
 * @param queue the server that events are told on; lifetimes alone end what is kept without
 * @returns undefined where it is off
 */
export function connectEntityCache(
  megabytes: number,
  queue: QueueConnection | undefined,
  logger: Logger,
): ConnectedEntityCache | undefined {
  if (megabytes === 0) return undefined;
  const maxBytes = megabytes * 1024 * 1024;
  const redis = queue?.kind === 'redis' ? queue : undefined;
  const changes = queue && (redis ? redisChanges(redis, logger) : postgresChanges(queue.url, logger));
  const shared = redis && redisEntries(redis, maxBytes, logger);
  return {
    maxBytes,
    changes,
    shared,
    async close() {
      shared?.close();
      await changes?.close();
    },
  };
}
