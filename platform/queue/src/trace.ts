import { currentTrace, type Trace, traceFromHeaders, traceHeaders } from '@mercato/telemetry';
import type { Job } from 'bullmq';
import { z } from 'zod';

/** Rides along with the job, so that its log lines carry the request that sent it. */
export function traceOption(trace: Trace | undefined = currentTrace()): { telemetry?: { metadata: string } } {
  return trace ? { telemetry: { metadata: JSON.stringify(traceHeaders(trace)) } } : {};
}

const headers = z.record(z.string(), z.string());

/** The trace of whoever sent the job, or a new one. */
export function traceOfJob(job: Job<unknown>): Trace {
  const metadata = job.opts.telemetry?.metadata;
  return traceFromHeaders(metadata === undefined ? {} : headers.parse(JSON.parse(metadata)));
}
