import { listRuns, newestRunFirst } from '../../domain/reconciliation/run.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { pageOf } from '../page-arguments.ts';

export const reconciliationRuns: QueryResolvers['reconciliationRuns'] = (_parent, args, { db }) =>
  listRuns(db, pageOf(args, newestRunFirst));
