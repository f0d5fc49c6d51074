import { cancelRun } from '../../domain/reconciliation/cancel.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { notFound } from '../user-errors.ts';

export const reconciliationCancel: MutationResolvers['reconciliationCancel'] = async (_parent, { input }, { db }) => {
  const outcome = await cancelRun(db, input.runId);
  switch (outcome.kind) {
    case 'cancelled':
      return { run: outcome.run, userErrors: [] };
    case 'not-found':
      return { run: null, userErrors: [notFound('No run has this id.', 'runId')] };
    case 'ended':
      return {
        run: outcome.run,
        userErrors: [
          { __typename: 'InvalidInputError', message: 'This run has ended already.', path: ['input', 'runId'] },
        ],
      };
  }
};
