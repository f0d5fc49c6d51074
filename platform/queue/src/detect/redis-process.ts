import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { QueueUnavailableError, reasonOf } from '../backends/backend.ts';

/** One start of our own Redis, enough to find and use it again. */
export interface RedisProcess {
  pid: number;
  port: number;
  password: string;
}

/** Redis did not start because something else listens on its port. */
export class PortTakenError extends QueueUnavailableError {}

/** A large append-only file takes a while to load. */
const startTimeout = 60_000;
const stopTimeout = 10_000;
const pollEvery = 25;

/**
 * Starts Redis in `folder`, detached: a Ctrl-C in the terminal or our own death leaves it to be stopped, or adopted,
 * in order. Jobs survive kills; of a machine's crash, they survive all but the last second.
 * @throws QueueUnavailableError, which is a PortTakenError where another process listens there
 */
export async function startRedis(
  binary: string,
  folder: string,
  { port, password }: { port: number; password: string },
): Promise<RedisProcess> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configuration = join(folder, 'redis.conf');
  writeFileSync(configuration, configurationOf(folder, port, password), { mode: 0o600 });
  const log = openSync(join(folder, 'redis.log'), 'a', 0o600);
  const child = spawn(binary, [configuration], { cwd: folder, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const failure = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
  });
  const over = new AbortController();
  try {
    await Promise.race([untilItAnswers({ port, password }, { signal: over.signal }), failure]);
  } catch (error) {
    over.abort();
    child.kill();
    const lastLine = lastLogLine(folder);
    const message = `${binary} did not start (${reasonOf(error)}); see ${join(folder, 'redis.log')}.${lastLine && ` Its last line: ${lastLine}`}`;
    throw lastLine.includes('Failed listening') ? new PortTakenError(message) : new QueueUnavailableError(message);
  }
  failure.catch(() => {
    // It ended later on: whoever watches it starts it again.
  });
  if (child.pid === undefined) throw new QueueUnavailableError(`${binary} did not start.`);
  return { pid: child.pid, port, password };
}

// Quoted, since a data folder may hold spaces; JSON's escapes are Redis' own.
const configurationOf = (folder: string, port: number, password: string) =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');

/** Whether it answers now; while it loads its file, it waits. */
export async function answers(process: { port: number; password: string }): Promise<boolean> {
  try {
    await untilItAnswers(process, { waitForListener: false });
    return true;
  } catch {
    return false;
  }
}

async function untilItAnswers(
  { port, password }: { port: number; password: string },
  { waitForListener = true, signal }: { waitForListener?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    try {
      await withRedis({ port, password }, (redis) => redis.ping());
      return;
    } catch (error) {
      const loading = error instanceof Error && error.message.startsWith('LOADING');
      if ((!loading && !waitForListener) || Date.now() > deadline || signal?.aborted) throw error;
      await wait(pollEvery);
    }
  }
}

/** Ends it as it wants to be ended, its file complete; by force when it does not listen. */
export async function stopRedis(process: RedisProcess): Promise<void> {
  // Redis answers SHUTDOWN by closing the connection, which is an error to the client.
  await withRedis(process, (redis) => redis.shutdown('NOSAVE')).catch(() => undefined);
  const deadline = Date.now() + stopTimeout;
  while (await isOurs(process)) {
    if (Date.now() > deadline) killQuietly(process.pid);
    await wait(pollEvery);
  }
}

/** Whether that pid still is that Redis: pids are given again, after a restart of the machine above all. */
export async function isOurs({ pid, port }: RedisProcess): Promise<boolean> {
  const title = await titleOf(pid);
  return /(redis|valkey)-server/.test(title) && (title.includes(`:${port}`) || title.includes('redis.conf'));
}

/** How the process calls itself; '' when there is none. Linux is asked through /proc: slim images have no `ps`. */
async function titleOf(pid: number): Promise<string> {
  try {
    if (existsSync('/proc/self/cmdline')) return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]);
    return stdout;
  } catch {
    return '';
  }
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, which is what was wanted.
  }
}

async function withRedis<T>(
  { port, password }: { port: number; password: string },
  work: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis({
    host: '127.0.0.1',
    port,
    password,
    lazyConnect: true,
    connectTimeout: 1_000,
    commandTimeout: 2_000,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The rejected call tells the same.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

function lastLogLine(folder: string): string {
  const lines = readFileSync(join(folder, 'redis.log'), 'utf8').trim().split('\n');
  return lines.at(-1) ?? '';
}
