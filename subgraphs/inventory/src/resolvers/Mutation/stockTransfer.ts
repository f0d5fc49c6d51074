import { actorOf } from '../../domain/actor.ts';
import { recall } from '../../domain/staff/once-for-key.ts';
import { transferStock } from '../../domain/staff/transfer.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { insufficientStock, invalidInput, keyReused, unknownWarehouse } from '../user-errors.ts';

export const stockTransfer: MutationResolvers['stockTransfer'] = async (_parent, { input }, { db, viewer }) => {
  const outcome = await transferStock(db, { ...input, reference: input.reference ?? null, actor: actorOf(viewer) });
  switch (outcome.kind) {
    case 'done':
      return { stockLevels: outcome.levels.map(recall), userErrors: [] };
    case 'insufficient':
      return { stockLevels: null, userErrors: [insufficientStock(outcome, input.lines)] };
    case 'unknown-warehouse':
      return { stockLevels: null, userErrors: [unknownWarehouse(input[outcome.field], outcome.field)] };
    case 'key-reused':
      return { stockLevels: null, userErrors: [keyReused()] };
    case 'invalid-input':
      return { stockLevels: null, userErrors: [invalidInput(outcome)] };
  }
};
