import type { BaseJobOptions } from 'bullmq';
import type { JobDefinition } from './job.ts';

const minute = 60;
const day = 24 * 60 * minute;

/**
 * Finished jobs are kept for a while, in seconds and in number, whichever ends first, and swept when another finishes.
 * A job id dedupes only while its job is kept: whoever must never act twice records what it did (an inbox table)
 * rather than lean on the id. Failed jobs stay longer, so that staff find and retry them after a weekend.
 */
const retention = {
  removeOnComplete: { age: day, count: 2_000 },
  removeOnFail: { age: 30 * day, count: 20_000 },
} satisfies BaseJobOptions;

export const jobOptions = ({ attempts, backoff }: JobDefinition) => ({ ...retention, attempts, backoff });

/** Milliseconds. */
export interface WorkerPolicy {
  /** Jobs of the queue that run at once in this worker. */
  concurrency: number;
  /**
   * How long a job stays with a worker that does not answer. Renewed at half time while the process lives, so it may
   * be shorter than a handler runs, but not shorter than a handler blocks the event loop: then the job runs twice.
   */
  lockDuration: number;
  /**
   * How often workers look for jobs whose lock ran out. A job of a killed worker is taken up after at most
   * `lockDuration + stalledInterval`.
   */
  stalledInterval: number;
  /** Dead workers a job may have been on before it counts as what kills them, and fails. */
  maxStalledCount: number;
  /** How long `close` lets running handlers go on before it aborts their signal. */
  closeGrace: number;
  /** How long it then waits for them to stop, before it leaves their jobs to be found as stalled. */
  abortGrace: number;
}

export const workerPolicy: WorkerPolicy = {
  concurrency: 4,
  lockDuration: 10_000,
  stalledInterval: 4_000,
  maxStalledCount: 5,
  closeGrace: 10_000,
  abortGrace: 2_000,
};

/** How long a sender waits for an unreachable server before `add` rejects, so that it can retry or answer. */
export const addTimeout = 4_000;

/** How soon a worker asks again after the server refused it. */
export const workerRetryDelay = 1_000;
