import type { Queues } from '@mercato/queue';
import type { Logger } from '@mercato/telemetry';
import { reconcile } from './definitions.ts';

/**
 * Hands a run to the workers. The run itself is saved before: when the queue cannot be reached, it waits until the
 * timetable takes it up.
 */
export async function queueRun(queues: Queues, logger: Logger, runId: string): Promise<void> {
  try {
    await queues.add(reconcile, { runId });
  } catch (error) {
    logger.warn({ err: error, runId }, 'A reconciliation waits: the queue did not take it');
  }
}
