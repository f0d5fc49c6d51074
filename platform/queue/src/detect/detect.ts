import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import { QueueUnavailableError, redactUrl } from '../backends/backend.ts';
import { connectPostgres } from '../backends/postgres.ts';
import { connectRedis } from '../backends/redis.ts';
import type { QueueConnection } from '../queues.ts';
import { type BackendName, backendNames, decide } from './decide.ts';
import { searchPath } from './environment.ts';
import { findRedisServer } from './find-redis.ts';
import { ensureOwnRedis } from './own-redis.ts';

export interface DetectOptions {
  /** REDIS_URL. */
  redisUrl?: string | undefined;
  /** Remembers the choice in `queue.json`, and holds `redis/` when we start one. */
  dataDir: string;
  /** The queue's own database, such as `…/queue`. */
  postgresUrl: string;
  /** MERCATO_QUEUE: asks for one and may switch. */
  choice?: 'redis' | 'postgres' | undefined;
  logger: Logger;
  /** Where to look for redis-server, as PATH is written; PATH itself by default. */
  path?: string | undefined;
}

export interface DetectedQueueBackend {
  connection: QueueConnection;
  /** For the start to print, such as `Redis at 127.0.0.1:6379 (started by us)`. */
  description: string;
  /** Ends the Redis that we started, if we did. Call it when nothing uses the queues any more. */
  stop(): Promise<void>;
}

/**
 * Redis where Redis is, else Postgres: `redisUrl`, else a redis-server or valkey-server of the PATH, started for this
 * data folder alone, else `postgresUrl`. What a folder uses is recorded once it works and never switched silently:
 * jobs that wait would be left behind.
 * @throws QueueUnavailableError one sentence with the way out.
 */
export async function detectQueueBackend(options: DetectOptions): Promise<DetectedQueueBackend> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const record = join(dataDir, 'queue.json');
  const binary = findRedisServer(options.path ?? searchPath());
  const decision = decide({
    recorded: readRecord(record),
    choice: options.choice,
    redisUrlIsSet: options.redisUrl !== undefined,
    redisIsInstalled: binary !== undefined,
  });
  if (decision.kind === 'refuse') throw new QueueUnavailableError(decision.message);

  const detected = await open(decision.backend, { ...options, dataDir, binary });
  try {
    await proveUsable(detected.connection, options.logger);
  } catch (error) {
    await detected.stop();
    throw error;
  }
  if (decision.leaves) {
    options.logger.warn(
      { from: decision.leaves, to: decision.backend },
      'The queue moves as MERCATO_QUEUE asks; jobs that wait in the old one stay there.',
    );
  }
  writeRecord(record, decision.backend);
  return detected;
}

async function open(
  backend: BackendName,
  options: DetectOptions & { binary: string | undefined },
): Promise<DetectedQueueBackend> {
  const nothingToStop = () => Promise.resolve();
  switch (backend) {
    case 'redis-url': {
      const url = required(options.redisUrl);
      return {
        connection: { kind: 'redis', url },
        description: `Redis at ${redactUrl(url)} (REDIS_URL)`,
        stop: nothingToStop,
      };
    }
    case 'redis-own': {
      const folder = join(options.dataDir, 'redis');
      const redis = await ensureOwnRedis({ folder, binary: required(options.binary), logger: options.logger });
      const how = redis.adopted ? 'left running by the last start' : 'started by us';
      return {
        connection: { kind: 'redis', url: redis.url },
        description: `Redis at ${redactUrl(redis.url)} (${how})`,
        stop: redis.stop,
      };
    }
    case 'postgres':
      return {
        connection: { kind: 'postgres', url: options.postgresUrl },
        description: `Postgres at ${redactUrl(options.postgresUrl)}`,
        stop: nothingToStop,
      };
  }
}

function required(value: string | undefined): string {
  if (value === undefined) throw new Error('A queue backend was decided on that is not there.');
  return value;
}

/** So that a mistyped URL is never recorded; on Postgres this also makes the tables. */
async function proveUsable(connection: QueueConnection, logger: Logger): Promise<void> {
  const silent = logger.child({}, { level: 'silent' });
  const backend =
    connection.kind === 'redis' ? await connectRedis(connection, silent) : await connectPostgres(connection);
  await backend.close();
}

const recordShape = z.object({ backend: z.enum(backendNames) });

function readRecord(file: string): BackendName | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return recordShape.parse(JSON.parse(readFileSync(file, 'utf8'))).backend;
  } catch (error) {
    throw new QueueUnavailableError(
      `${file} does not say where this data folder keeps its queue; correct it to {"backend":"redis-url"}, "redis-own" or "postgres", or start over with --reset.`,
      { cause: error },
    );
  }
}

/** In one step: a crash leaves the old record or the new one. */
function writeRecord(file: string, backend: BackendName): void {
  writeFileSync(`${file}.new`, `${JSON.stringify({ backend })}\n`);
  renameSync(`${file}.new`, file);
}
