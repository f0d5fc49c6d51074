import { type Logger, runInTrace } from '@mercato/telemetry';
import { type JobOutcome, jobEnded } from '@mercato/telemetry/metrics';
import { recorded } from '@mercato/telemetry/tracing';
import { type Job, WaitingError } from 'bullmq';
import {
  type AnyProcessor,
  type AnyWorker,
  type Backend,
  QueueUnavailableError,
  reasonOf,
} from './backends/backend.ts';
import type { JobHandler } from './job.ts';
import { isConnectionError, type OutageReporter } from './outage.ts';
import { type WorkerPolicy, workerPolicy } from './policy.ts';
import { traceOfJob } from './trace.ts';

/** A queue's worker in this process. */
export interface RunningWorker {
  readonly queue: string;
  /** Takes no further job, waits for the running ones within `closeGrace`, then lets go of them. Never hangs. */
  close(): Promise<void>;
}

interface WorkerParts {
  backend: Backend;
  queue: string;
  handlers: readonly JobHandler[];
  options: Partial<WorkerPolicy>;
  outages: OutageReporter;
  logger: Logger;
}

export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const { backend, queue, handlers, outages } = parts;
  const { closeGrace, abortGrace, ...running } = { ...workerPolicy, ...parts.options };
  const logger = parts.logger.child({ queue });
  const run = processorOf(queue, byName(queue, handlers), logger);
  let busy = 0;
  const worker = backend.createWorker(
    queue,
    // BullMQ hands a signal only to processors that declare three parameters, and one with a default does not count.
    async (job, token, signal) => {
      busy += 1;
      try {
        return await run(job, token, signal);
      } finally {
        busy -= 1;
      }
    },
    running,
  );

  worker.on('error', (error) => {
    if (isConnectionError(error)) outages.lost(error);
    else logger.error({ err: error }, 'The worker met an error outside any job.');
  });
  worker.on('failed', (job, error) => reportFailure(logger, job, error));
  worker.on('stalled', (jobId) => logger.warn({ jobId }, 'A worker died with this job; it runs again.'));
  try {
    await worker.waitUntilReady();
  } catch (error) {
    await worker.disconnect();
    throw new QueueUnavailableError(`The worker of queue '${queue}' cannot start: ${reasonOf(error)}.`, {
      cause: error,
    });
  }

  return { queue, close: () => closeWorker(worker, { closeGrace, abortGrace, logger, isBusy: () => busy > 0 }) };
}

function byName(queue: string, handlers: readonly JobHandler[]): Map<string, JobHandler> {
  const named = new Map<string, JobHandler>();
  for (const handler of handlers) {
    const { job } = handler;
    if (job.queue !== queue) throw new Error(`Job '${job.name}' belongs to queue '${job.queue}', not to '${queue}'.`);
    if (named.has(job.name)) throw new Error(`Job '${job.name}' on queue '${queue}' has two handlers.`);
    named.set(job.name, handler);
  }
  return named;
}

function processorOf(queue: string, handlers: Map<string, JobHandler>, logger: Logger): AnyProcessor {
  return async (job, token, cancelled) => {
    const signal = cancelled ?? new AbortController().signal;
    const handler = handlers.get(job.name);
    // Not unrecoverable: while releases roll, a worker that knows the job may take its next attempt.
    if (!handler) throw new Error(`No handler for job '${job.name}' on queue '${queue}' in this worker.`);

    const jobId = job.id ?? '';
    const attempt = job.attemptsMade + 1;
    const context = {
      jobId,
      attempt,
      signal,
      logger: logger.child({ job: job.name, jobId, attempt }),
      progress: (update: number | Readonly<Record<string, unknown>>) => job.updateProgress(update),
    };
    const startedAt = performance.now();
    let outcome: JobOutcome = 'failed';
    try {
      const about = { 'messaging.destination.name': queue, 'messaging.message.id': jobId, 'mercato.attempt': attempt };
      const result = await recorded(`${queue} ${job.name}`, 'consumer', traceOfJob(job), about, (trace) =>
        runInTrace(trace, () => handler.run(job.data, context)),
      );
      outcome = 'ok';
      return result;
    } catch (error) {
      if (!signal.aborted) throw error;
      outcome = 'handed-back';
      logger.info({ job: job.name, jobId }, 'The job stopped because its worker closes; it waits for another.');
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      jobEnded(queue, job.name, outcome, startedAt);
    }
  };
}

function reportFailure(logger: Logger, job: Job<unknown> | undefined, error: Error): void {
  const about = {
    job: job?.name,
    jobId: job?.id,
    attempt: job?.attemptsMade,
    attempts: job?.opts.attempts,
    err: error,
  };
  if (job && job.finishedOn === undefined) logger.warn(about, 'A job failed and will be tried again.');
  else logger.error(about, 'A job failed for good; it can be retried from the dashboard.');
}

/** An idle worker has only its connections to close, which hang while the server is away. In ms. */
const idleGrace = 1_500;

async function closeWorker(
  worker: AnyWorker,
  settings: { closeGrace: number; abortGrace: number; logger: Logger; isBusy: () => boolean },
): Promise<void> {
  const { closeGrace, abortGrace, logger, isBusy } = settings;
  const closed = worker.close();
  if (await settlesWithin(closed, Math.min(idleGrace, closeGrace))) return;
  if (isBusy()) {
    if (await settlesWithin(closed, closeGrace - idleGrace)) return;
    logger.warn({ closeGrace }, 'Jobs still run at the end of the grace; they are told to stop.');
    worker.cancelAllJobs('The worker closes.');
    if (await settlesWithin(closed, abortGrace)) return;
    logger.error({ abortGrace }, 'Jobs did not stop; another worker will find them stalled and run them again.');
  }
  await settlesWithin(worker.disconnect(), 500);
}

/** Whether the promise resolved in time; a rejection is the caller's. */
async function settlesWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
