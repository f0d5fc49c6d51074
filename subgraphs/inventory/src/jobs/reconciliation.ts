import { handle, type JobHandler, type Queues } from '@mercato/queue';
import type { Logger } from '@mercato/telemetry';
import { inventoryItself } from '../domain/actor.ts';
import type { InventoryDatabase } from '../domain/database.ts';
import { executeRun, giveUpRun } from '../domain/reconciliation/execute.ts';
import type { ReconciliationParts } from '../domain/reconciliation/parts.ts';
import { forsakenRuns, startRun } from '../domain/reconciliation/start.ts';
import { reconcile, reconcileOnSchedule } from './definitions.ts';
import { queueRun } from './queue-run.ts';

export const reconcileHandler = (parts: ReconciliationParts): JobHandler =>
  handle(reconcile, async ({ runId }, { signal, attempt, progress }) => {
    try {
      return await executeRun(parts, runId, { signal, onProgress: progress });
    } catch (error) {
      if (attempt >= reconcile.attempts && !signal.aborted) await giveUpRun(parts.db, runId);
      throw error;
    }
  });

interface ScheduleParts {
  readonly db: InventoryDatabase;
  readonly queues: Queues;
  readonly logger: Logger;
}

export const scheduleHandler = ({ db, queues, logger }: ScheduleParts): JobHandler =>
  handle(reconcileOnSchedule, async () => {
    for (const runId of await forsakenRuns(db)) await queueRun(queues, logger, runId);
    const outcome = await startRun(db, { trigger: 'SCHEDULE', actor: inventoryItself, warehouse: null, skus: [] });
    if (outcome.kind === 'started') await queueRun(queues, logger, outcome.run.id);
  });
