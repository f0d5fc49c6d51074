import { runService } from '@mercato/subgraph-server';
import { readInventoryEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

await runService('inventory', readInventoryEnvironment, (dependencies, environment) =>
  createSubgraph({
    ...dependencies,
    holdSweepMs: environment.HOLD_SWEEP_MS,
    reconciliationEveryMs: environment.RECONCILIATION_EVERY_MS,
    reconciliation: {
      chunkSize: environment.RECONCILIATION_CHUNK,
      graceMs: environment.RECONCILIATION_GRACE_MS,
    },
  }),
);
