import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@mercato/ports';
import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import {
  answers,
  isOurs,
  killQuietly,
  PortTakenError,
  type RedisProcess,
  startRedis,
  stopRedis,
} from './redis-process.ts';

export interface OwnRedis {
  url: string;
  /** It ran already, left by a process that was killed. */
  adopted: boolean;
  /** Ends Redis, its jobs safe on disk. */
  stop(): Promise<void>;
}

const recordShape = z.object({
  pid: z.int(),
  port: z.int(),
  password: z.string(),
  /** Another start ends it, since it does not answer. */
  ending: z.boolean().optional(),
});

/** How often a Redis that died by itself is noticed, in ms. */
const watchEvery = 1_000;

/**
 * A Redis for this data folder alone: adopted when the last one still lives, else started; started again, on its
 * port, when it dies. Random port and password on 127.0.0.1.
 * @throws QueueUnavailableError
 */
export async function ensureOwnRedis({
  folder,
  binary,
  logger,
}: {
  folder: string;
  binary: string;
  logger: Logger;
}): Promise<OwnRedis> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const record = join(folder, 'process.json');
  const start = async (settings: { port: number; password: string }): Promise<RedisProcess> => {
    const started = await startRedis(binary, folder, settings);
    writeFileSync(record, JSON.stringify(started), { mode: 0o600 });
    return started;
  };

  const adopted = await adoptLast(record, logger);
  let redis = adopted ?? (await startAnew(start));
  let stopped = false;
  let working = false;

  const watch = setInterval(async () => {
    if (stopped || working) return;
    working = true;
    try {
      if ((await isOurs(redis)) || stopped) return;
      const last = readLast(record);
      if (last?.pid !== redis.pid || last.ending) {
        logger.error('Another start took over the Redis of this data folder; this one no longer looks after it.');
        clearInterval(watch);
        return;
      }
      logger.error({ port: redis.port }, 'Redis ended by itself; it is started again.');
      redis = await start(redis);
    } catch (error) {
      logger.error({ err: error }, 'Redis could not be started again.');
    } finally {
      working = false;
    }
  }, watchEvery);
  watch.unref();

  return {
    url: `redis://:${redis.password}@127.0.0.1:${redis.port}`,
    adopted: adopted !== undefined,
    async stop() {
      stopped = true;
      clearInterval(watch);
      await stopRedis(redis);
    },
  };
}

/** Another process may take the port first. */
async function startAnew(
  start: (settings: { port: number; password: string }) => Promise<RedisProcess>,
): Promise<RedisProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The other process was offered the last password.
      return await start({ port: await freePort('127.0.0.1'), password: randomBytes(24).toString('hex') });
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 5) throw error;
    }
  }
}

/** Stops the Redis that a killed process left in this folder, and deletes the folder with all its jobs. */
export async function eraseOwnRedis(folder: string): Promise<void> {
  const last = readLast(join(folder, 'process.json'));
  if (last && (await isOurs(last))) await stopRedis(last);
  rmSync(folder, { recursive: true, force: true });
}

/** Two servers on one append-only file would ruin it: one that lives but does not answer is ended first. */
async function adoptLast(record: string, logger: Logger): Promise<RedisProcess | undefined> {
  const last = readLast(record);
  if (!last || !(await isOurs(last))) return undefined;
  if (await answers(last)) return last;
  logger.warn({ pid: last.pid }, 'The Redis of the last start does not answer; it is ended and started again.');
  // Whoever looks after it would start it again beside ours.
  writeFileSync(record, JSON.stringify({ ...last, ending: true }), { mode: 0o600 });
  killQuietly(last.pid);
  await stopRedis(last);
  return undefined;
}

function readLast(file: string): z.output<typeof recordShape> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return recordShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Cut short by a crash while it was written: that start never got to serve anyone.
    return undefined;
  }
}
