import { asFound } from '../domain/reconciliation/discrepancy.ts';
import type { ReconciliationRunResolvers } from '../generated/graphql.ts';
import { pageOf } from './page-arguments.ts';

export const ReconciliationRun: ReconciliationRunResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.runById.load(id),
  progress: ({ scanned, total }) => ({ scanned, total }),
  summary: (run) => run,
  discrepancies: ({ id }, { resolution, ...page }, { loaders }) =>
    loaders.discrepanciesOfRun(pageOf(page, asFound), resolution ?? null).load(id),
};
