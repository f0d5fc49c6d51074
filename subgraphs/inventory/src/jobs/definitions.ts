import { defineJob } from '@mercato/queue';
import { z } from 'zod';

/** Gives back holds that lapsed. Scheduled. */
export const sweepHolds = defineJob({ queue: 'inventory', name: 'sweep-holds', payload: z.object({}), attempts: 2 });

/** Carries a reconciliation run to its end, from wherever it stands. */
export const reconcile = defineJob({
  queue: 'inventory-reconciliation',
  name: 'reconcile',
  payload: z.object({ runId: z.string() }),
});

/** Starts a run over all stock, and takes up runs whose job was lost. Scheduled. */
export const reconcileOnSchedule = defineJob({
  queue: 'inventory-reconciliation',
  name: 'reconcile-on-schedule',
  payload: z.object({}),
  attempts: 2,
});
