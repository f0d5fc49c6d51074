import { submitCount } from '../../domain/count/submit.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput, keyReused, notFound } from '../user-errors.ts';

export const stockCountSubmit: MutationResolvers['stockCountSubmit'] = async (_parent, { input }, context) => {
  const { db, viewer, queueRun } = context;
  const outcome = await submitCount(db, { ...input, reference: input.reference ?? null, viewer });
  switch (outcome.kind) {
    case 'submitted':
      await queueRun(outcome.runId);
      return { count: outcome.count, userErrors: [] };
    case 'unknown-warehouse':
      return { count: null, userErrors: [notYourWarehouse(input.warehouse)] };
    case 'key-reused':
      return { count: null, userErrors: [keyReused()] };
    case 'invalid-input':
      return { count: null, userErrors: [invalidInput(outcome)] };
  }
};

/** Partners, who send counts too, cannot look at warehouses: nothing for them to be pointed to. */
const notYourWarehouse = (code: string) =>
  notFound(
    `No warehouse that you may count has the code ${JSON.stringify(code)}; send the code of one that you may.`,
    'warehouse',
  );
