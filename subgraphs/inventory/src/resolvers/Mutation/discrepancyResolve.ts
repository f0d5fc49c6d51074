import { actorOf } from '../../domain/actor.ts';
import { resolveDiscrepancy } from '../../domain/reconciliation/resolve.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { insufficientStock, invalidInput, notFound } from '../user-errors.ts';

export const discrepancyResolve: MutationResolvers['discrepancyResolve'] = async (
  _parent,
  { input },
  { db, viewer },
) => {
  const outcome = await resolveDiscrepancy(db, { ...input, note: input.note ?? null, actor: actorOf(viewer) });
  switch (outcome.kind) {
    case 'resolved':
      return { discrepancy: outcome.discrepancy, userErrors: [] };
    case 'already-resolved':
      return {
        discrepancy: null,
        userErrors: [
          {
            __typename: 'DiscrepancyAlreadyResolvedError',
            message: 'This discrepancy was decided before.',
            path: ['input', 'discrepancyId'],
            discrepancy: outcome.discrepancy,
          },
        ],
      };
    case 'not-found':
      return { discrepancy: null, userErrors: [notFound('No discrepancy has this id.', 'discrepancyId')] };
    case 'insufficient':
      return {
        discrepancy: null,
        userErrors: [{ ...insufficientStock(outcome), path: ['input', 'discrepancyId'] }],
      };
    case 'invalid-input':
      return { discrepancy: null, userErrors: [invalidInput(outcome)] };
  }
};
