import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { bundleProgram } from '@mercato/bundle';
import { createLogger } from '@mercato/telemetry';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  connectQueues,
  type DetectedQueueBackend,
  type DetectOptions,
  defineJob,
  detectQueueBackend,
  handle,
  QueueUnavailableError,
} from '../src/index.ts';
import { aFolder, redisServer, startTestServer, type TestServer } from './servers.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const nowhere = 'postgresql://127.0.0.1:1/queue';
const job = defineJob({ queue: 'detected', name: 'x', payload: z.object({ n: z.int() }) });

let folder: string;
let dataDir: string;
const toStop: DetectedQueueBackend[] = [];

beforeEach(() => {
  // A name with a space and a quote, as folders of people are.
  folder = aFolder();
  dataDir = join(folder, `the shop's "data"`);
  mkdirSync(dataDir);
});
afterEach(async () => {
  await Promise.all(toStop.splice(0).map((each) => each.stop()));
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

async function detect(options: Partial<DetectOptions> = {}): Promise<DetectedQueueBackend> {
  const detected = await detectQueueBackend({ dataDir, postgresUrl: nowhere, logger, ...options });
  toStop.push(detected);
  return detected;
}

const recorded = () => {
  const file = join(dataDir, 'queue.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};
const redisPid = (): number => JSON.parse(readFileSync(join(dataDir, 'redis', 'process.json'), 'utf8')).pid;

describe('without Redis', () => {
  let postgres: TestServer | undefined;
  afterAll(() => postgres?.remove(), 30_000);

  test('Postgres is taken, recorded, and kept when REDIS_URL appears', async () => {
    postgres = await startTestServer('postgres');
    const postgresUrl = postgres.connection.url;
    const detected = await detect({ postgresUrl, path: '' });

    expect(detected.connection).toEqual({ kind: 'postgres', url: postgresUrl });
    expect(detected.description).toMatch(/^Postgres at postgresql:\/\/127\.0\.0\.1:\d+\/queue$/);
    expect(recorded()).toEqual({ backend: 'postgres' });
    await expect(detect({ postgresUrl, path: '', redisUrl: 'redis://127.0.0.1:1' })).rejects.toThrow(
      /keeps its queue in Postgres, but REDIS_URL is set/,
    );
  }, 60_000);

  test('what cannot be reached is said with its server and is not recorded', async () => {
    await expect(detect({ path: '' })).rejects.toThrow(
      /^The queue database postgresql:\/\/127\.0\.0\.1:1\/queue cannot be used: /,
    );
    await expect(detect({ redisUrl: 'redis://user:secret@127.0.0.1:1' })).rejects.toThrow(
      /^Redis at redis:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/,
    );
    expect(recorded()).toBeUndefined();
  }, 30_000);

  test('a record that cannot be read is named, never guessed', async () => {
    writeFileSync(join(dataDir, 'queue.json'), '{"backend":"kafka"}');
    await expect(detect()).rejects.toThrow(QueueUnavailableError);
    await expect(detect()).rejects.toThrow(/queue\.json does not say where/);
  });
});

describe.skipIf(!redisServer)('with redis-server on the PATH', () => {
  test('a Redis of our own is started for this folder alone, and its jobs outlive a stop', async () => {
    const first = await detect();
    expect(first.description).toMatch(/^Redis at redis:\/\/127\.0\.0\.1:\d+ \(started by us\)$/);
    expect(recorded()).toEqual({ backend: 'redis-own' });
    for (const file of ['redis.conf', 'process.json'])
      expect(statSync(join(dataDir, 'redis', file)).mode & 0o077).toBe(0);
    const sender = await connectQueues(first.connection, { logger });
    await sender.add(job, { n: 1 }, { id: 'kept' });
    await sender.close();
    await toStop.pop()?.stop();

    const second = await detect();
    const queues = await connectQueues(second.connection, { logger });
    const seen: number[] = [];
    await queues.work('detected', [handle(job, async ({ n }) => seen.push(n))]);
    await expect.poll(() => seen).toEqual([1]);
    await queues.close();
  }, 30_000);

  test.each([1, 9])(
    'another that took its port first, %i times over',
    async (times) => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as AddressInfo;
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      // Points Redis at that port before it starts, as often as wanted.
      const script = `#!/bin/sh
      echo x >> "${bin}/starts"
      [ "$(wc -l < "${bin}/starts")" -gt ${times} ] || echo "port ${port}" >> "$1"
      exec ${redisServer} "$1"`;
      writeFileSync(join(bin, 'redis-server'), script, { mode: 0o755 });
      const starting = detect({ path: bin });
      if (times === 1) expect((await starting).description).toContain('started by us');
      else await expect(starting).rejects.toThrow(/did not start .*Failed listening/);
      expect(readFileSync(join(bin, 'starts'), 'utf8').length / 2).toBe(Math.min(times + 1, 5));
      taken.close();
    },
    30_000,
  );

  test('strangers without the password are turned away', async () => {
    const { connection } = await detect();
    const stranger = connection.url.replace(/:[^:@]+@/, '');
    await expect(connectQueues({ kind: 'redis', url: stranger }, { logger })).rejects.toThrow(/NOAUTH|authenticat/i);
  });

  test('after kill -9 of the process that started it, the living Redis is adopted', async () => {
    const script = await bundleProgram('platform/queue/test/start-redis-and-wait.ts');
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const adopted = await detect();
    expect(adopted.connection.url).toBe(String(said).trim());
    expect(adopted.description).toMatch(/left running by the last start/);
    await toStop.pop()?.stop();
    await expect(connectQueues(adopted.connection, { logger })).rejects.toThrow(/ECONNREFUSED/);
  }, 30_000);

  test('one that hangs is replaced; one that dies is started again on its port', async () => {
    await detect();
    const hung = redisPid();
    process.kill(hung, 'SIGSTOP');
    const { connection } = await detect();
    expect(redisPid()).not.toBe(hung);

    const queues = await connectQueues(connection, { logger });
    await queues.add(job, { n: 1 }, { id: 'before' });
    const died = redisPid();
    process.kill(died, 'SIGKILL');
    await expect.poll(() => redisPid(), { timeout: 10_000 }).not.toBe(died);
    await expect
      .poll(() => queues.find('detected', 'before').catch(() => 'away'), { timeout: 10_000 })
      .toMatchObject({ state: 'waiting' });
    await queues.close();
  }, 60_000);

  test('when redis-server is gone the start is refused, and MERCATO_QUEUE moves', async () => {
    await detect();
    await toStop.pop()?.stop();
    await expect(detect({ path: '' })).rejects.toThrow(/Install one, or set MERCATO_QUEUE=postgres/);

    const postgres = await startTestServer('postgres');
    await detect({ path: '', choice: 'postgres', postgresUrl: postgres.connection.url });
    expect(recorded()).toEqual({ backend: 'postgres' });
    await postgres.remove();
  }, 60_000);
});
