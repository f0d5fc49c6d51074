import { createLogger } from '@mercato/telemetry';
import { connectQueues, handle } from '../src/index.ts';
import { held, quickRecovery } from './jobs.ts';

/** A worker that takes a job, says so, and never ends it: made to be killed. */
const queues = await connectQueues(JSON.parse(process.argv[2] ?? ''), {
  logger: createLogger({ name: 'holding-worker', level: 'silent' }),
});
await queues.work(
  held.queue,
  [
    handle(held, async ({ n }) => {
      console.log(`holding ${n}`);
      await new Promise(() => {});
    }),
  ],
  quickRecovery,
);
