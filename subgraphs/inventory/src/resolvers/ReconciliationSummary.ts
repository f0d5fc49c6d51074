import type { ReconciliationSummaryResolvers } from '../generated/graphql.ts';

export const ReconciliationSummary: ReconciliationSummaryResolvers = {
  pending: async ({ id }, _args, { loaders }) => (await loaders.pendingOfRun.load(id)) ?? 0,
};
