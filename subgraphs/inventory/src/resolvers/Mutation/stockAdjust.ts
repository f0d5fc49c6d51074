import { actorOf } from '../../domain/actor.ts';
import { type AdjustOutcome, adjustStock } from '../../domain/staff/adjust.ts';
import { recall } from '../../domain/staff/once-for-key.ts';
import type { MutationResolvers, StockAdjustInput } from '../../generated/graphql.ts';
import { insufficientStock, invalidInput, keyReused, notFound, unknownWarehouse } from '../user-errors.ts';

export const stockAdjust: MutationResolvers['stockAdjust'] = async (_parent, { input }, { db, viewer }) => {
  const outcome = await adjustStock(db, {
    ...input,
    expectedOnHand: input.expectedOnHand ?? null,
    reference: input.reference ?? null,
    actor: actorOf(viewer),
  });
  if (outcome.kind === 'done') return { stockLevel: recall(outcome.level), userErrors: [] };
  return { stockLevel: null, userErrors: [errorOf(outcome, input)] };
};

function errorOf(outcome: Exclude<AdjustOutcome, { kind: 'done' }>, input: StockAdjustInput) {
  switch (outcome.kind) {
    case 'insufficient':
      return { ...insufficientStock(outcome), path: ['input', 'delta'] };
    case 'unexpected-on-hand':
      return {
        __typename: 'UnexpectedOnHandError' as const,
        message: `${outcome.actual} are on hand, not ${outcome.expected}; look again before you adjust.`,
        path: ['input', 'expectedOnHand'],
        expected: outcome.expected,
        actual: outcome.actual,
      };
    case 'unknown-warehouse':
      return unknownWarehouse(input.warehouse);
    case 'unknown-sku':
      return notFound(`The sku ${JSON.stringify(input.sku)} has neither stock nor a place in the catalog.`, 'sku');
    case 'key-reused':
      return keyReused();
    case 'invalid-input':
      return invalidInput(outcome);
  }
}
