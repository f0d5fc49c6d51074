import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundleProgram } from '@mercato/bundle';
import { createLogger, currentTrace, newTrace, runInTrace } from '@mercato/telemetry';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  connectQueues,
  defineJob,
  handle,
  InvalidJobNameError,
  InvalidPayloadError,
  type JobHandler,
  type Queues,
  QueueUnavailableError,
} from '../src/index.ts';
import { gate, held, quickRecovery } from './jobs.ts';
import { redisServer, startTestServer, type TestServer } from './servers.ts';

if (!redisServer)
  console.warn('The queue contract was not tried on Redis: neither redis-server nor valkey-server is on the PATH.');

const payload = z.object({ n: z.int() });
const soon = { type: 'fixed', delay: 50 } as const;
const within = (timeout: number) => ({ timeout, interval: 25 });

describe.each(['redis', 'postgres'] as const)('queues on %s', (kind) => {
  const skipped = kind === 'redis' && !redisServer;
  let server: TestServer;
  const open: Queues[] = [];

  beforeAll(async () => {
    if (!skipped) server = await startTestServer(kind);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(open.splice(0).map((queues) => queues.close()));
  }, 30_000);
  afterAll(async () => {
    await server?.remove();
  }, 30_000);

  async function connect(lines: Record<string, unknown>[] = []): Promise<Queues> {
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    const queues = await connectQueues(server.connection, { logger: createLogger({ name: 'test', destination }) });
    open.push(queues);
    return queues;
  }

  describe.skipIf(skipped)('', () => {
    test('a job sent is run with its payload, and is kept as completed', async () => {
      const job = defineJob({ queue: 'plain', name: 'greet', payload: z.object({ at: z.coerce.date() }) });
      const queues = await connect();
      const seen: unknown[] = [];
      await queues.work('plain', [
        handle(job, async ({ at }, { jobId, attempt }) => seen.push({ at, jobId, attempt })),
      ]);

      await queues.add(job, { at: '2026-03-01T10:00:00Z' }, { id: 'greeting' });

      await expect
        .poll(() => seen, within(5_000))
        .toEqual([{ at: new Date('2026-03-01T10:00:00Z'), jobId: 'greeting', attempt: 1 }]);
      await expect.poll(() => queues.find('plain', 'greeting')).toMatchObject({ name: 'greet', state: 'completed' });
      expect(await queues.counts('plain')).toEqual({ waiting: 0, active: 0, delayed: 0, completed: 1, failed: 0 });
    });

    test('a delayed job waits for its time, and a prioritised one for those without', async () => {
      const job = defineJob({ queue: 'order', name: 'mark', payload });
      const queues = await connect();
      const seen: { n: number; at: number }[] = [];
      const sentAt = Date.now();
      await queues.add(job, { n: 3 }, { delay: 800 });
      await queues.add(job, { n: 2 }, { priority: 5 });
      await queues.add(job, { n: 1 });
      await queues.work('order', [handle(job, async ({ n }) => seen.push({ n, at: Date.now() }))], { concurrency: 1 });

      await expect.poll(() => seen.map(({ n }) => n), within(5_000)).toEqual([1, 2, 3]);
      expect((seen[2]?.at ?? 0) - sentAt).toBeGreaterThanOrEqual(800);
    });

    test('a job that fails is retried with backoff, then stays failed and visible until it is retried by hand', async () => {
      const job = defineJob({
        queue: 'flaky',
        name: 'call',
        payload,
        attempts: 3,
        backoff: { type: 'exponential', delay: 100 },
      });
      const lines: Record<string, unknown>[] = [];
      const queues = await connect(lines);
      const attempts: { attempt: number; at: number }[] = [];
      let broken = true;
      await queues.work('flaky', [
        handle(job, async (_payload, { attempt }) => {
          attempts.push({ attempt, at: Date.now() });
          if (broken) throw new Error('The carrier does not answer.');
        }),
      ]);
      await queues.add(job, { n: 7 }, { id: 'call-7' });

      await expect.poll(() => queues.counts('flaky'), within(5_000)).toMatchObject({ failed: 1 });
      expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [first = 0, second = 0, third = 0] = attempts.map(({ at }) => at);
      expect(second - first).toBeGreaterThanOrEqual(100);
      expect(third - second).toBeGreaterThanOrEqual(200);
      expect(await queues.failed('flaky')).toMatchObject([
        { id: 'call-7', name: 'call', payload: { n: 7 }, reason: 'The carrier does not answer.', attemptsMade: 3 },
      ]);
      expect(lines.filter(({ jobId }) => jobId === 'call-7').map(({ level }) => level)).toEqual([40, 40, 50]);

      broken = false;
      expect(await queues.retryFailed('flaky', ['call-7', 'call-8'])).toBe(1);
      await expect.poll(() => queues.find('flaky', 'call-7'), within(5_000)).toMatchObject({ state: 'completed' });
      expect(attempts.at(-1)?.attempt).toBe(1);
      expect(await queues.retryFailed('flaky')).toBe(0);
    });

    test('a schedule set by eight processes that start beside running workers runs once a turn', async () => {
      const job = defineJob({ queue: 'scheduled', name: 'tick', payload });
      const processes = await Promise.all(Array.from({ length: 4 }, () => connect()));
      const [one] = processes;
      if (!one) throw new Error('No queues.');
      const ticks: { id: string; n: number }[] = [];
      for (const queues of processes.slice(0, 2)) {
        await queues.work('scheduled', [handle(job, async ({ n }, { jobId }) => ticks.push({ id: jobId, n }))]);
      }
      const runs = (n: number) => ticks.filter((tick) => tick.n === n).length;
      const setByAll = (every: number, n: number) =>
        Promise.all([...processes, ...processes].map((queues) => queues.schedule(job, 'ticker', { every }, { n })));

      await setByAll(200, 1);
      await expect.poll(() => runs(1), within(10_000)).toBeGreaterThanOrEqual(3);
      await setByAll(200, 1);
      await expect.poll(() => runs(1), within(10_000)).toBeGreaterThanOrEqual(6);
      await setByAll(300, 2);
      await expect.poll(() => runs(2), within(10_000)).toBeGreaterThanOrEqual(3);
      expect(new Set(ticks.map(({ id }) => id)).size).toBe(ticks.length);

      expect(await one.unschedule(job, 'ticker')).toBe(true);
      expect(await one.unschedule(job, 'ticker')).toBe(false);
      await expect.poll(() => one.counts('scheduled')).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
    }, 40_000);

    test('a schedule by cron runs at its times', async () => {
      const job = defineJob({ queue: 'cron', name: 'tick', payload });
      const queues = await connect();
      const at: number[] = [];
      await queues.work('cron', [handle(job, async () => at.push(Date.now()))]);
      await queues.schedule(job, 'by-the-second', { cron: '* * * * * *' }, { n: 2 });

      await expect.poll(() => at.length, within(10_000)).toBeGreaterThanOrEqual(2);
      await queues.unschedule(job, 'by-the-second');
      await expect(queues.schedule(job, 'never', { cron: 'at noon' }, { n: 2 })).rejects.toThrow();
    });

    test('eight senders of one id make one job, also after it ran', async () => {
      const job = defineJob({ queue: 'deduplicated', name: 'ship', payload });
      const queues = await connect();
      const seen: number[] = [];
      await Promise.all(Array.from({ length: 8 }, () => queues.add(job, { n: 1 }, { id: 'shipment-1' })));
      await queues.work('deduplicated', [handle(job, async ({ n }) => seen.push(n))]);
      await expect
        .poll(() => queues.find('deduplicated', 'shipment-1'), within(5_000))
        .toMatchObject({ state: 'completed' });

      await queues.addMany([
        { job, payload: { n: 1 }, options: { id: 'shipment-1' } },
        { job, payload: { n: 2 }, options: { id: 'shipment-2' } },
      ]);
      await expect
        .poll(() => queues.find('deduplicated', 'shipment-2'), within(5_000))
        .toMatchObject({ state: 'completed' });
      expect(seen).toEqual([1, 2]);
    });

    test('500 jobs of two queues, sent at once to three workers each, run exactly once', async () => {
      const jobs = [
        defineJob({ queue: 'bulk-a', name: 'x', payload }),
        defineJob({ queue: 'bulk-b', name: 'x', payload }),
      ] as const;
      const runs = new Map<string, number>();
      const queues = await Promise.all([connect(), connect(), connect()]);
      for (const each of queues) {
        for (const job of jobs) {
          await each.work(job.queue, [
            handle(job, async ({ n }) => void runs.set(`${job.queue} ${n}`, (runs.get(`${job.queue} ${n}`) ?? 0) + 1)),
          ]);
        }
      }
      await queues[0].addMany(
        Array.from({ length: 500 }, (_, n) => ({ job: n % 2 ? jobs[0] : jobs[1], payload: { n } })),
      );

      await expect.poll(() => runs.size, within(30_000)).toBe(500);
      await Promise.all(queues.map((each) => each.close()));
      expect([...runs.values()].filter((count) => count !== 1)).toEqual([]);
    }, 40_000);

    test('a job whose worker is killed is taken up by another', async () => {
      const queues = await connect();
      const script = await bundleProgram('platform/queue/test/holding-worker.ts');
      const child = spawn(process.execPath, [script, JSON.stringify(server.connection)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await queues.add(held, { n: 9 }, { id: 'held-9' });
      const [said] = await once(child.stdout, 'data');
      expect(String(said)).toBe('holding 9\n');
      child.kill('SIGKILL');
      await once(child, 'exit');

      const seen: unknown[] = [];
      await queues.work('held', [handle(held, async ({ n }, { attempt }) => seen.push({ n, attempt }))], quickRecovery);
      await expect.poll(() => seen, within(15_000)).toEqual([{ n: 9, attempt: 1 }]);
    }, 40_000);

    test('a payload that does not fit is refused where it is sent, with nothing sent', async () => {
      const job = defineJob({
        queue: 'refused',
        name: 'count',
        payload: z.object({ n: z.int(), at: z.date().optional() }),
      });
      const queues = await connect();

      await expect(queues.add(job, { n: 1.5 })).rejects.toMatchObject({
        name: 'InvalidPayloadError',
        message:
          "The payload of job 'count' on queue 'refused' does not fit: n: Invalid input: expected int, received number.",
        issues: [{ path: ['n'] }],
      });
      await expect(queues.add(job, { n: 1, at: new Date() })).rejects.toThrow(
        /at: Invalid input: expected date, received string/,
      );
      await expect(
        queues.addMany([
          { job, payload: { n: 1 } },
          { job, payload: { n: 0.5 } },
        ]),
      ).rejects.toThrow(InvalidPayloadError);
      await expect(queues.schedule(job, 'x', { every: 1_000 }, { n: 0.5 })).rejects.toThrow(InvalidPayloadError);
      expect(await queues.counts('refused')).toMatchObject({ waiting: 0, delayed: 0 });
    });

    test('a payload that does not fit where it is received fails at once and stays visible', async () => {
      const job = defineJob({ queue: 'misfit', name: 'count', payload, backoff: soon });
      const queues = await connect();
      const seen: number[] = [];
      await queues.work('misfit', [handle(job, async ({ n }) => seen.push(n))]);
      const [bull] = queues.bullQueues(['misfit']);
      await bull?.add('count', { n: 'eleven' }, { attempts: 8, backoff: soon });

      await expect
        .poll(() => queues.failed('misfit'), within(5_000))
        .toMatchObject([
          { attemptsMade: 1, reason: expect.stringMatching(/job 'count' on queue 'misfit' does not fit: n: /) },
        ]);
      expect(seen).toEqual([]);
    });

    test('a job that no handler knows is retried, for a newer worker to take, and ends failed and visible', async () => {
      const job = defineJob({ queue: 'unknown', name: 'newer', payload, attempts: 2, backoff: soon });
      const queues = await connect();
      await queues.work('unknown', []);
      await queues.add(job, { n: 1 });

      await expect
        .poll(() => queues.failed('unknown'), within(5_000))
        .toMatchObject([{ attemptsMade: 2, reason: "No handler for job 'newer' on queue 'unknown' in this worker." }]);
    });

    test('progress can be read while the job runs', async () => {
      const job = defineJob({ queue: 'progress', name: 'import', payload, attempts: 1 });
      const queues = await connect();
      const step = gate();
      await queues.work('progress', [
        handle(job, async (_payload, { progress }) => {
          await progress({ rows: 40, of: 100 });
          await step.passed;
          await progress(100);
        }),
      ]);
      await queues.add(job, { n: 1 }, { id: 'import-1' });

      await expect
        .poll(() => queues.find('progress', 'import-1'), within(5_000))
        .toMatchObject({ state: 'active', progress: { rows: 40, of: 100 } });
      step.open();
      await expect
        .poll(() => queues.find('progress', 'import-1'), within(5_000))
        .toMatchObject({ state: 'completed', progress: 100 });
      expect(await queues.find('progress', 'import-2')).toBeUndefined();
    });

    test('a job speaks with the trace of the request that sent it', async () => {
      const job = defineJob({ queue: 'traced', name: 'x', payload });
      const queues = await connect();
      const trace = newTrace('request-1');
      const seen: unknown[] = [];
      await queues.work('traced', [handle(job, async () => seen.push(currentTrace()))]);
      await runInTrace(trace, () => queues.add(job, { n: 1 }));

      await expect.poll(() => seen, within(5_000)).toMatchObject([trace]);
    });

    test('a closing worker ends what it runs and takes nothing more', async () => {
      const job = defineJob({ queue: 'closing', name: 'x', payload });
      const queues = await connect();
      const release = gate();
      const seen: string[] = [];
      const worker = await queues.work(
        'closing',
        [
          handle(job, async ({ n }) => {
            seen.push(`began ${n}`);
            await release.passed;
            seen.push(`ended ${n}`);
          }),
        ],
        { concurrency: 1 },
      );
      await queues.add(job, { n: 1 });
      await expect.poll(() => seen, within(5_000)).toEqual(['began 1']);
      await queues.add(job, { n: 2 });

      const closed = worker.close();
      release.open();
      await closed;

      expect(seen).toEqual(['began 1', 'ended 1']);
      expect(await queues.counts('closing')).toMatchObject({ waiting: 1, active: 0, completed: 1 });
    });

    test('a job told to stop by a closing worker goes back to waiting and loses no attempt', async () => {
      const job = defineJob({ queue: 'aborted', name: 'x', payload, attempts: 1 });
      const queues = await connect();
      const attempts: number[] = [];
      const untilTold: JobHandler = handle(job, async (_payload, { signal, attempt }) => {
        attempts.push(attempt);
        await once(signal, 'abort');
        signal.throwIfAborted();
      });
      const worker = await queues.work('aborted', [untilTold], { closeGrace: 50 });
      await queues.add(job, { n: 1 }, { id: 'aborted-1' });
      await expect.poll(() => attempts, within(5_000)).toEqual([1]);
      await worker.close();
      expect(await queues.find('aborted', 'aborted-1')).toMatchObject({ state: 'waiting', attemptsMade: 0 });

      await queues.work('aborted', [handle(job, async (_payload, { attempt }) => attempts.push(attempt))]);
      await expect.poll(() => queues.find('aborted', 'aborted-1'), within(5_000)).toMatchObject({ state: 'completed' });
      expect(attempts).toEqual([1, 1]);
    });

    test('a worker whose job does not listen is let go of, and another takes the job up', async () => {
      const job = defineJob({ queue: 'deaf', name: 'x', payload });
      const queues = await connect();
      const began = gate();
      const deaf = handle(job, () => {
        began.open();
        return new Promise(() => {});
      });
      const worker = await queues.work('deaf', [deaf], { ...quickRecovery, closeGrace: 50, abortGrace: 50 });
      await queues.add(job, { n: 1 });
      await began.passed;
      const closing = Date.now();
      await worker.close();
      expect(Date.now() - closing).toBeLessThan(3_000);

      const seen: number[] = [];
      await queues.work('deaf', [handle(job, async ({ n }) => seen.push(n))], quickRecovery);
      await expect.poll(() => seen, within(15_000)).toEqual([1]);
    }, 30_000);

    test('while the server is away senders are told within seconds; when it is back work goes on', async () => {
      const job = defineJob({ queue: 'outage', name: 'x', payload });
      const elsewhere = defineJob({ queue: 'outage-unused', name: 'x', payload });
      const lines: Record<string, unknown>[] = [];
      const queues = await connect(lines);
      const seen: number[] = [];
      await queues.work('outage', [handle(job, async ({ n }) => seen.push(n))]);
      await queues.add(job, { n: 1 });
      await expect.poll(() => seen, within(5_000)).toEqual([1]);
      // Else its outcome may be what gets lost, and that is told too.
      await expect.poll(() => queues.counts('outage').then(({ active }) => active)).toBe(0);

      await server.down();
      try {
        const asked = Date.now();
        const outcomes = await Promise.allSettled([
          queues.add(job, { n: 2 }),
          queues.add(elsewhere, { n: 3 }),
          queues.addMany([{ job, payload: { n: 4 } }]),
        ]);
        expect(
          outcomes.map((each) => each.status === 'rejected' && each.reason instanceof QueueUnavailableError),
        ).toEqual([true, true, true]);
        expect(Date.now() - asked).toBeLessThan(8_000);
        await expect.poll(() => lines.filter(({ level }) => level === 40)).toHaveLength(1);
      } finally {
        await server.up();
      }

      await expect
        .poll(
          () =>
            queues.add(job, { n: 5 }, { id: 'after' }).then(
              () => 'added',
              () => 'refused',
            ),
          within(10_000),
        )
        .toBe('added');
      await expect.poll(() => seen, within(15_000)).toEqual([1, 5]);
      await expect
        .poll(() => lines.map(({ level, msg, err }) => (Number(level) > 40 ? err : msg)), within(5_000))
        .toEqual(['The queue server cannot be reached; jobs wait until it is back.', 'The queue server is back.']);
    }, 60_000);
  });
});

describe('names', () => {
  test.each([
    { queue: 'a:b', name: 'x' },
    { queue: 'a', name: 'x:y' },
    { queue: '', name: 'x' },
  ])('%o is refused where it is defined', (names) => {
    expect(() => defineJob({ ...names, payload })).toThrow(InvalidJobNameError);
  });
});
