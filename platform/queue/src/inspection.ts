import type { Job } from 'bullmq';
import type { AnyQueue } from './backends/backend.ts';

/** A kept job, as it stood when asked. */
export interface JobSnapshot {
  id: string;
  name: string;
  /** BullMQ's states: `waiting`, `active`, `delayed`, `completed`, `failed`, … */
  state: string;
  /** What the handler last reported; 0 before. */
  progress: unknown;
  attemptsMade: number;
  failedReason: string | undefined;
}

export interface FailedJob {
  id: string;
  name: string;
  payload: unknown;
  reason: string;
  attemptsMade: number;
  failedAt: Date;
}

/** How many jobs are put back at once. */
const retryBatch = 50;

export async function snapshot(queue: AnyQueue, jobId: string): Promise<JobSnapshot | undefined> {
  const job = await queue.getJob(jobId);
  if (!job) return undefined;
  return {
    id: jobId,
    name: job.name,
    state: await job.getState(),
    progress: job.progress,
    attemptsMade: job.attemptsMade,
    failedReason: job.failedReason,
  };
}

export async function failedJobs(queue: AnyQueue, first: number): Promise<FailedJob[]> {
  const jobs = await queue.getFailed(0, first - 1);
  return jobs.map((job) => ({
    id: job.id ?? '',
    name: job.name,
    payload: job.data,
    reason: job.failedReason,
    attemptsMade: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? job.timestamp),
  }));
}

export async function retryFailedJobs(queue: AnyQueue, jobIds?: readonly string[]): Promise<number> {
  const ids = jobIds ?? (await queue.getFailed()).map((job) => job.id ?? '');
  let retried = 0;
  for (let start = 0; start < ids.length; start += retryBatch) {
    const outcomes = await Promise.all(ids.slice(start, start + retryBatch).map((id) => retryOne(queue, id)));
    retried += outcomes.filter(Boolean).length;
  }
  return retried;
}

async function retryOne(queue: AnyQueue, id: string): Promise<boolean> {
  const job: Job<unknown> | undefined = await queue.getJob(id);
  if (!job || !(await job.isFailed())) return false;
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
  return true;
}
