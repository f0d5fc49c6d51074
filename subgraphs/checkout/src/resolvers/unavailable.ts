import { SubgraphAnswerError, SubgraphUnavailableError } from '@mercato/subgraph-client';
import { GraphQLError } from 'graphql';

/** Says so when another service is needed and cannot answer: nothing was begun, and the call may be repeated as it is. */
export async function orUnavailable<Outcome>(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SubgraphUnavailableError || error instanceof SubgraphAnswerError)) throw error;
    throw new GraphQLError('A service that is needed for this does not answer; nothing was changed, try again soon.', {
      originalError: error,
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    });
  }
}

/** Something was begun, and its outcome hangs on another service that does not answer now. */
export const undecided = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
