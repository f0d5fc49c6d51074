import { Counter, Histogram } from 'prom-client';
import { secondsSince } from './latency.ts';
import { processRegistry } from './process-registry.ts';

// Not `job`: that is Prometheus' own label for what it scrapes, and it would rename ours.
const jobs = new Counter({
  name: 'mercato_jobs_total',
  help: 'Runs of jobs; one that failed is tried again until its attempts are used up',
  labelNames: ['queue', 'name', 'outcome'],
  registers: [processRegistry],
});

const durations = new Histogram({
  name: 'mercato_job_duration_seconds',
  help: 'Time that one run of a job took',
  labelNames: ['queue', 'name'],
  buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300],
  registers: [processRegistry],
});

/** `handed-back`: its worker closed before it was done, and another takes it. */
export type JobOutcome = 'ok' | 'failed' | 'handed-back';

/** @param startedAt by `performance.now()` */
export function jobEnded(queue: string, job: string, outcome: JobOutcome, startedAt: number): void {
  jobs.labels(queue, job, outcome).inc();
  durations.labels(queue, job).observe(secondsSince(startedAt));
}
