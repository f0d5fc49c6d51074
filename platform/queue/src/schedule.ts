import { isDeepStrictEqual } from 'node:util';
import type { JobSchedulerJson, RepeatOptions } from 'bullmq';
import type { AnyQueue, Backend } from './backends/backend.ts';
import type { JobDefinition } from './job.ts';
import { jobOptions } from './policy.ts';

/** Every so many milliseconds, or by a cron pattern of five or six fields in UTC. */
export type Recurrence = { every: number } | { cron: string };

interface Schedule {
  id: string;
  job: JobDefinition;
  recurrence: Recurrence;
  /** As it travels. */
  data: unknown;
}

/**
 * Every process sets its schedules when it starts, and beside workers that run them. BullMQ replaces the waiting run
 * each time, which on Postgres is no single step and can meet a worker that just took that run: the schedule would end
 * there. So one process at a time sets a schedule, and only one that changed or has no run waiting.
 */
export async function setSchedule(backend: Backend, queue: AnyQueue, schedule: Schedule): Promise<void> {
  await backend.exclusively(`${queue.name} ${schedule.id}`, async () => {
    if (await isSet(queue, schedule)) return;
    try {
      await upsert(queue, schedule);
    } catch (error) {
      // The slots of the old rhythm are taken by a run that is under way.
      if (await isSet(queue, schedule)) return;
      if (!(await queue.removeJobScheduler(schedule.id))) throw error;
      await upsert(queue, schedule);
    }
  });
}

const repeatOf = (recurrence: Recurrence): Omit<RepeatOptions, 'key'> =>
  'every' in recurrence ? { every: recurrence.every } : { pattern: recurrence.cron, tz: 'UTC' };

const upsert = (queue: AnyQueue, { id, job, recurrence, data }: Schedule) =>
  queue.upsertJobScheduler(id, repeatOf(recurrence), { name: job.name, data, opts: jobOptions(job) });

async function isSet(queue: AnyQueue, schedule: Schedule): Promise<boolean> {
  const kept = await queue.getJobScheduler(schedule.id);
  return kept !== undefined && isSame(kept, schedule) && (await hasRunAhead(queue, kept));
}

function isSame(kept: JobSchedulerJson<unknown>, { job, recurrence, data }: Schedule): boolean {
  const { every, pattern, tz } = repeatOf(recurrence);
  return (
    kept.name === job.name &&
    kept.every === every &&
    kept.pattern === pattern &&
    kept.tz === tz &&
    isDeepStrictEqual(kept.template?.data ?? {}, data) &&
    isDeepStrictEqual(kept.template?.opts, jobOptions(job))
  );
}

/** A schedule lives by its next run, which makes the one after it when it is taken. */
async function hasRunAhead(queue: AnyQueue, { key, next }: JobSchedulerJson<unknown>): Promise<boolean> {
  const run = await queue.getJob(`repeat:${key}:${next}`);
  return run !== undefined && run.finishedOn === undefined;
}
