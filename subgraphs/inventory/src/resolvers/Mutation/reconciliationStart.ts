import { actorOf } from '../../domain/actor.ts';
import { startRun } from '../../domain/reconciliation/start.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput, notFound } from '../user-errors.ts';

export const reconciliationStart: MutationResolvers['reconciliationStart'] = async (_parent, { input }, context) => {
  const { db, viewer, queueRun } = context;
  const warehouse = input.scope?.warehouse ?? null;
  const outcome = await startRun(db, {
    trigger: 'STAFF',
    actor: actorOf(viewer),
    warehouse,
    skus: input.scope?.skus ?? [],
  });
  switch (outcome.kind) {
    case 'started':
      await queueRun(outcome.run.id);
      return { run: outcome.run, userErrors: [] };
    case 'already-running':
      return {
        run: null,
        userErrors: [
          {
            __typename: 'ReconciliationAlreadyRunningError',
            message: 'A run over some of this stock is at work; wait for it, or cancel it.',
            path: ['input', 'scope'],
            run: outcome.run,
          },
        ],
      };
    case 'unknown-warehouse':
      return {
        run: null,
        userErrors: [notFound(`No warehouse has the code ${JSON.stringify(warehouse)}.`, 'scope', 'warehouse')],
      };
    case 'invalid-input':
      return { run: null, userErrors: [invalidInput(outcome)] };
  }
};
