import type { Logger, Trace } from '@mercato/telemetry';
import type { Queue } from 'bullmq';
import type { z } from 'zod';
import { type AnyQueue, type Backend, QueueUnavailableError } from './backends/backend.ts';
import { connectPostgres } from './backends/postgres.ts';
import { connectRedis } from './backends/redis.ts';
import { type FailedJob, failedJobs, type JobSnapshot, retryFailedJobs, snapshot } from './inspection.ts';
import type { JobDefinition, JobHandler } from './job.ts';
import { checkJobId, checkName } from './names.ts';
import { isConnectionError, reportOutages } from './outage.ts';
import { serialise } from './payload.ts';
import { jobOptions, type WorkerPolicy } from './policy.ts';
import { type Recurrence, setSchedule } from './schedule.ts';
import { traceOption } from './trace.ts';
import { type RunningWorker, startWorker } from './worker.ts';

/** `prefix` starts every Redis key, `mercato` by default. Postgres wants a database of its own, such as `…/queue`. */
export type QueueConnection = { kind: 'redis'; url: string; prefix?: string } | { kind: 'postgres'; url: string };

export interface AddOptions {
  /**
   * Adding an id again does nothing while its job is kept (see `policy.ts`), whatever became of it.
   * No ':' and not a plain integer.
   */
  id?: string;
  /** Milliseconds until it may run. */
  delay?: number;
  /** 1 (first) to 2,097,152; jobs without one run before all that have one. */
  priority?: number;
  /** What the job is part of; what is done right now unless set. */
  trace?: Trace;
}

export interface JobEntry<P extends z.ZodType = z.ZodType> {
  job: JobDefinition<P>;
  payload: z.input<P>;
  options?: AddOptions;
}

export interface JobCounts {
  waiting: number;
  active: number;
  delayed: number;
  completed: number;
  failed: number;
}

/** The queues of one server. Payloads are parsed when sent and when received. */
export interface Queues {
  readonly kind: 'redis' | 'postgres';
  /**
   * Resolves when the server has the job.
   * @throws InvalidPayloadError, InvalidJobNameError; QueueUnavailableError within seconds while the server is away.
   * After the latter the job may have arrived all the same: add it again under the same id.
   */
  add<P extends z.ZodType>(job: JobDefinition<P>, payload: z.input<P>, options?: AddOptions): Promise<void>;
  /** As `add`, one round trip a queue. Nothing is sent when any entry is invalid; each queue takes all or none. */
  addMany<P extends readonly z.ZodType[]>(
    entries: readonly [...{ [Index in keyof P]: JobEntry<P[Index]> }],
  ): Promise<void>;
  /**
   * Tells every process that listens to a topic (`broadcastChannel`, `broadcastStream`): on Postgres whoever listens now,
   * on Redis whoever reads the last messages, too. At most `mostBroadcastBytes`.
   * @throws QueueUnavailableError
   */
  broadcast(topic: string, message: string): Promise<void>;
  /**
   * Takes the queue's jobs in this process. A job without a handler here fails like any other, retried and visible.
   */
  work(queue: string, handlers: readonly JobHandler[], options?: Partial<WorkerPolicy>): Promise<RunningWorker>;
  /** Sets or replaces the schedule of that id. Any number of processes may set the same one: it runs once. */
  schedule<P extends z.ZodType>(
    job: JobDefinition<P>,
    schedulerId: string,
    recurrence: Recurrence,
    payload: z.input<P>,
  ): Promise<void>;
  /** Whether there was one. */
  unschedule(job: JobDefinition, schedulerId: string): Promise<boolean>;
  counts(queue: string): Promise<JobCounts>;
  /** What became of a job; undefined once it is no longer kept. */
  find(queue: string, jobId: string): Promise<JobSnapshot | undefined>;
  /** Jobs that failed for good, latest first. */
  failed(queue: string, options?: { first?: number }): Promise<FailedJob[]>;
  /** Gives failed jobs all their attempts again; all of the queue's without ids. How many were put back. */
  retryFailed(queue: string, jobIds?: readonly string[]): Promise<number>;
  /** BullMQ's own queues, for the dashboard; closed with this. */
  bullQueues(names: readonly string[]): Queue[];
  /** Closes every worker of it, then the connections. */
  close(): Promise<void>;
}

/** @throws QueueUnavailableError a sentence that names the server. */
export async function connectQueues(connection: QueueConnection, { logger }: { logger: Logger }): Promise<Queues> {
  const backend =
    connection.kind === 'redis' ? await connectRedis(connection, logger) : await connectPostgres(connection);
  return queuesOn(backend, logger);
}

function queuesOn(backend: Backend, logger: Logger): Queues {
  const outages = reportOutages({ backend, logger });
  backend.onError(outages.lost);
  const queues = new Map<string, AnyQueue>();
  const workers = new Set<RunningWorker>();
  let closing: Promise<void> | undefined;

  const queue = (name: string): AnyQueue => {
    const known = queues.get(checkName('queue', name));
    if (known) return known;
    const created = backend.createQueue(name);
    created.on('error', outages.lost);
    queues.set(name, created);
    return created;
  };
  const toBull = (entry: JobEntry) => ({
    name: entry.job.name,
    data: serialise(entry.job, entry.payload),
    opts: { ...jobOptions(entry.job), ...traceOption(entry.options?.trace), ...bullOptions(entry.options) },
  });
  const send = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Error) || !isConnectionError(error)) throw error;
      outages.lost(error);
      throw new QueueUnavailableError(`The queue server ${backend.server} does not answer.`, { cause: error });
    }
  };

  return {
    kind: backend.kind,
    async add(job, payload, options) {
      const { name, data, opts } = toBull({ job, payload, ...(options && { options }) });
      await send(queue(job.queue).add(name, data, opts));
    },
    async addMany(entries) {
      const byQueue = new Map<string, ReturnType<typeof toBull>[]>();
      for (const entry of entries) {
        const group = byQueue.get(entry.job.queue) ?? [];
        group.push(toBull(entry));
        byQueue.set(entry.job.queue, group);
      }
      await Promise.all([...byQueue].map(([name, jobs]) => send(queue(name).addBulk(jobs))));
    },
    broadcast: (topic, message) => send(backend.broadcast(topic, message)),
    async work(name, handlers, options = {}) {
      const started = await startWorker({
        backend,
        queue: checkName('queue', name),
        handlers,
        options,
        outages,
        logger,
      });
      const worker: RunningWorker = {
        queue: name,
        close: async () => {
          workers.delete(worker);
          await started.close();
        },
      };
      workers.add(worker);
      return worker;
    },
    async schedule(job, schedulerId, recurrence, payload) {
      const schedule = { id: checkName('scheduler', schedulerId), job, recurrence, data: serialise(job, payload) };
      await send(setSchedule(backend, queue(job.queue), schedule));
    },
    unschedule: (job, schedulerId) => send(queue(job.queue).removeJobScheduler(schedulerId)),
    async counts(name) {
      const counts = await send(
        queue(name).getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed'),
      );
      const of = (state: string) => counts[state] ?? 0;
      return {
        waiting: of('wait') + of('prioritized'),
        active: of('active'),
        delayed: of('delayed'),
        completed: of('completed'),
        failed: of('failed'),
      };
    },
    find: (name, jobId) => send(snapshot(queue(name), jobId)),
    failed: (name, { first = 100 } = {}) => send(failedJobs(queue(name), first)),
    retryFailed: (name, jobIds) => send(retryFailedJobs(queue(name), jobIds)),
    bullQueues: (names) => names.map((name) => queue(name) as Queue),
    close() {
      closing ??= (async () => {
        await Promise.all([...workers].map((worker) => worker.close()));
        outages.stop();
        await Promise.all([...queues.values()].map((each) => each.close()));
        await backend.close();
      })();
      return closing;
    },
  };
}

const bullOptions = ({ id, delay, priority }: AddOptions = {}) => ({
  ...(id !== undefined && { jobId: checkJobId(id) }),
  ...(delay !== undefined && { delay }),
  ...(priority !== undefined && { priority }),
});
