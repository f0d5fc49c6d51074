import { asFound, listDiscrepancies } from '../domain/reconciliation/discrepancy.ts';
import type { ReconciliationRunResolvers } from '../generated/graphql.ts';
import { pageOf } from './page-arguments.ts';

export const ReconciliationRun: ReconciliationRunResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.runById.load(id),
  progress: ({ scanned, total }) => ({ scanned, total }),
  summary: ({ released, recomputed, orphaned, counted, healed, pending }) => ({
    released,
    recomputed,
    orphaned,
    counted,
    healed,
    pending,
  }),
  discrepancies: ({ id }, { resolution, ...page }, { db }) =>
    listDiscrepancies(db, { runId: id, resolution: resolution ?? null }, pageOf(page, asFound)),
};
