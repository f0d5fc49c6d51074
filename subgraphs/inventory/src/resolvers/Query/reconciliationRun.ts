import type { QueryResolvers } from '../../generated/graphql.ts';

export const reconciliationRun: QueryResolvers['reconciliationRun'] = (_parent, { id }, { loaders }) =>
  loaders.runById.load(id);
