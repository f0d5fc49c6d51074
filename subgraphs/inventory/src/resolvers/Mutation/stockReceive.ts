import { actorOf } from '../../domain/actor.ts';
import { recall } from '../../domain/staff/once-for-key.ts';
import { receiveStock } from '../../domain/staff/receive.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput, keyReused, unknownWarehouse } from '../user-errors.ts';

export const stockReceive: MutationResolvers['stockReceive'] = async (_parent, { input }, { db, viewer }) => {
  const outcome = await receiveStock(db, { ...input, reference: input.reference ?? null, actor: actorOf(viewer) });
  switch (outcome.kind) {
    case 'done':
      return { stockLevels: outcome.levels.map(recall), userErrors: [] };
    case 'unknown-warehouse':
      return { stockLevels: null, userErrors: [unknownWarehouse(input.warehouse)] };
    case 'key-reused':
      return { stockLevels: null, userErrors: [keyReused()] };
    case 'invalid-input':
      return { stockLevels: null, userErrors: [invalidInput(outcome)] };
  }
};
