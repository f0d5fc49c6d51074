import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@mercato/ports';

/** A real Redis of a test's own. */
export interface RedisServer {
  readonly url: string;
  /** Alive, and answers nobody. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const binary = 'redis-server';

/** Whether tests with a Redis can run here. */
export const hasRedis = spawnSync(binary, ['--version']).status === 0;

export async function redisServer(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-router-redis-'));
  const port = await freePort('127.0.0.1');
  let running: ChildProcess | undefined;
  const start = async () => {
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    const child = spawn(binary, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    running = child;
    for await (const line of child.stdout ?? []) if (String(line).includes('Ready to accept')) break;
  };
  const stop = async () => {
    if (!running || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => running?.kill('SIGSTOP'),
    thaw: () => running?.kill('SIGCONT'),
    start,
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
