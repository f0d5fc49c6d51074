export { UnrecoverableError } from 'bullmq';
export { QueueUnavailableError, reasonOf } from './backends/backend.ts';
export { broadcastChannel, broadcastStream, mostBroadcastBytes, mostBroadcasts } from './broadcast.ts';
export { type DetectedQueueBackend, type DetectOptions, detectQueueBackend } from './detect/detect.ts';
export { eraseOwnRedis } from './detect/own-redis.ts';
export type { FailedJob, JobSnapshot } from './inspection.ts';
export { type Backoff, defineJob, handle, type JobContext, type JobDefinition, type JobHandler } from './job.ts';
export { InvalidJobNameError } from './names.ts';
export { InvalidPayloadError } from './payload.ts';
export type { WorkerPolicy } from './policy.ts';
export {
  type AddOptions,
  connectQueues,
  type JobCounts,
  type JobEntry,
  type QueueConnection,
  type Queues,
} from './queues.ts';
export type { Recurrence } from './schedule.ts';
export type { RunningWorker } from './worker.ts';
