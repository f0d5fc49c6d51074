import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDatabase, ensurePostgres } from '@mercato/database';
import { freePort } from '@mercato/ports';
import { createLogger } from '@mercato/telemetry';
import { searchPath } from '../src/detect/environment.ts';
import { findRedisServer } from '../src/detect/find-redis.ts';
import { startRedis, stopRedis } from '../src/detect/redis-process.ts';
import type { QueueConnection } from '../src/index.ts';

/** A real server of its own, which a test may take down and bring back with what it held. */
export interface TestServer {
  connection: QueueConnection;
  down(): Promise<void>;
  up(): Promise<void>;
  remove(): Promise<void>;
}

export const redisServer = findRedisServer(searchPath());

export const aFolder = () => mkdtempSync(join(tmpdir(), 'mercato-queue-'));

export async function startTestServer(kind: 'redis' | 'postgres'): Promise<TestServer> {
  const folder = aFolder();
  const server = kind === 'redis' ? await redis(folder) : await postgres(folder);
  return {
    ...server,
    remove: async () => {
      await server.down();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function redis(folder: string): Promise<Omit<TestServer, 'remove'>> {
  const binary = redisServer ?? 'redis-server';
  const settings = { port: await freePort('127.0.0.1'), password: randomBytes(8).toString('hex') };
  let running = await startRedis(binary, folder, settings);
  return {
    connection: { kind: 'redis', url: `redis://:${settings.password}@127.0.0.1:${settings.port}` },
    down: () => stopRedis(running),
    up: async () => {
      running = await startRedis(binary, folder, settings);
    },
  };
}

async function postgres(folder: string): Promise<Omit<TestServer, 'remove'>> {
  const options = { dataDir: folder, durable: false, logger: createLogger({ name: 'test', level: 'silent' }) };
  let running = await ensurePostgres(options);
  return {
    connection: { kind: 'postgres', url: await ensureDatabase(running.url, 'queue') },
    down: () => running.stop(),
    up: async () => {
      running = await ensurePostgres({ ...options, port: Number(new URL(running.url).port) });
    },
  };
}
