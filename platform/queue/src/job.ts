import type { Logger } from '@mercato/telemetry';
import type { z } from 'zod';
import { checkName } from './names.ts';
import { parseReceived } from './payload.ts';

/** How long a failed attempt waits for the next one. `delay` in milliseconds; exponential doubles it each time. */
export interface Backoff {
  type: 'exponential' | 'fixed';
  delay: number;
  /** Share of the delay that is random, 0 to 1, so that many failed jobs do not return at once. */
  jitter?: number;
}

/** A job's name, queue and payload, apart from its handler: senders need no more than this. */
export interface JobDefinition<P extends z.ZodType = z.ZodType> {
  readonly queue: string;
  readonly name: string;
  readonly payload: P;
  /** Runs until one succeeds, the first included. After the last the job stays failed until staff retry it. */
  readonly attempts: number;
  readonly backoff: Backoff;
}

/** 1, 2, 4 … 64 s: eight attempts outlast a restart of what they call, about two minutes. */
const defaultBackoff: Backoff = { type: 'exponential', delay: 1_000, jitter: 0.25 };
const defaultAttempts = 8;

/**
 * Defines a job. The payload is what travels: JSON, parsed by the schema when sent and again when received, since
 * sender and worker may run different releases.
 * @throws InvalidJobNameError when queue or name holds a ':'.
 */
export function defineJob<P extends z.ZodType>(definition: {
  queue: string;
  name: string;
  payload: P;
  attempts?: number;
  backoff?: Backoff;
}): JobDefinition<P> {
  const { queue, name, payload, attempts = defaultAttempts, backoff = defaultBackoff } = definition;
  return { queue: checkName('queue', queue), name: checkName('job', name), payload, attempts, backoff };
}

/** What is known of a job while it runs. */
export interface JobContext {
  jobId: string;
  /** 1 for the first. A run that was cut off by a dead worker does not count. */
  attempt: number;
  /** Percent, or any JSON object; shown in the dashboard and by `Queues.find`. */
  progress(update: number | Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * Aborts when the worker closes and its grace is over. A handler that then throws goes back to waiting and loses
   * no attempt; long handlers check it between chunks.
   */
  signal: AbortSignal;
  logger: Logger;
}

/** A definition with the work it stands for. */
export interface JobHandler {
  readonly job: JobDefinition;
  run(data: unknown, context: JobContext): Promise<unknown>;
}

/**
 * Joins a job to its work. Every handler must stand being run twice: a job whose worker dies runs again elsewhere.
 * Throw to be retried; throw BullMQ's `UnrecoverableError` when no retry can help.
 */
export function handle<P extends z.ZodType>(
  job: JobDefinition<P>,
  work: (payload: z.output<P>, context: JobContext) => Promise<unknown>,
): JobHandler {
  return { job, run: async (data, context) => work(parseReceived(job, data), context) };
}
