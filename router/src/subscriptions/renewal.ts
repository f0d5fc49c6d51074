import type { Viewer } from '@mercato/auth';
import { GraphQLError } from 'graphql';
import type { FetchStep } from '../execution/compiled-plan.ts';
import type { Answering, PreparedOperation } from '../operations/answer-operation.ts';
import { type AuthorizedOperation, authorizeOperation } from '../operations/authorize-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { RequestError } from '../operations/request-error.ts';

/**
 * A subscription as the schema of now has it, to go on with: where it still holds, its viewer may see what was seen
 * before, and its events come from the same stream.
 * @throws RequestError when its client has to subscribe again
 */
export async function renewed(
  prepared: PreparedOperation,
  step: FetchStep,
  viewer: Viewer,
  { documents, authorization }: Answering,
): Promise<PreparedOperation> {
  const operation = stillValid(prepared.operation, documents);
  // It may be retired in its turn meanwhile.
  operation.graph.enter();
  try {
    const conditions = operation.conditions(prepared.variables);
    const authorized = await authorizeOperation(operation, conditions, viewer, authorization);
    if (deniedBy(authorized) !== deniedBy(prepared.authorized)) throw rightsChanged();
    const plan = await authorized.part.plan();
    const { subscription } = plan;
    if (subscription?.subgraph !== step.subgraph || subscription.query !== step.query) throw schemaChanged();
    return { ...prepared, operation, conditions, authorized, plan };
  } finally {
    operation.graph.leave();
  }
}

export const rightsChanged = (): RequestError =>
  new RequestError([
    new GraphQLError('What you may see has changed; subscribe again.', { extensions: { code: 'FORBIDDEN' } }),
  ]);

const schemaChanged = (): RequestError =>
  new RequestError([
    new GraphQLError('The schema has changed; subscribe again.', { extensions: { code: 'SERVICE_UNAVAILABLE' } }),
  ]);

function stillValid({ text, name }: Operation, documents: Answering['documents']): Operation {
  try {
    return documents.read(text, name);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const message = 'The schema has changed and no longer has all of this; subscribe again with another document.';
    throw new RequestError([
      new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
      ...error.errors,
    ]);
  }
}

const deniedBy = ({ errors }: AuthorizedOperation): string =>
  JSON.stringify(errors.map(({ path, extensions }) => [path, extensions.code]));
