import type { ViewerSigner } from '@mercato/auth';
import { currentTrace, traceHeaders } from '@mercato/telemetry';
import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphTransport } from './transport.ts';

/** How one service asks another: through its GraphQL API, as itself. */
export interface SubgraphClient {
  /**
   * @throws SubgraphUnavailableError without an answer (its `mayHaveHappened` tells whether a repeat must be safe).
   * @throws SubgraphAnswerError when the answer holds errors.
   */
  request<Data>(
    subgraph: string,
    query: string,
    variables?: Record<string, unknown>,
    options?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<Data>;
}

/** The subgraph answered, with errors. */
export class SubgraphAnswerError extends Error {
  override readonly name = 'SubgraphAnswerError';
  readonly errors: readonly GraphQLFormattedError[];

  constructor(subgraph: string, errors: readonly GraphQLFormattedError[]) {
    super(`The ${subgraph} service answered: ${errors.map(({ message }) => message).join('; ')}`);
    this.errors = errors;
  }
}

/** A document that begins so, and of which no operation is named, holds this one operation alone. */
const surelyReads = /^\s*(query\b|\{)/;

export function createSubgraphClient({
  transport,
  signer,
  timeoutMs = 3_000,
}: {
  transport: SubgraphTransport;
  signer: ViewerSigner;
  timeoutMs?: number;
}): SubgraphClient {
  return {
    async request<Data>(
      subgraph: string,
      query: string,
      variables: Record<string, unknown> = {},
      options: { timeoutMs?: number; signal?: AbortSignal } = {},
    ) {
      const trace = currentTrace();
      const answer = await transport.send(
        subgraph,
        { query, variables },
        {
          authorization: `Bearer ${await signer.sign(subgraph)}`,
          timeoutMs: options.timeoutMs ?? timeoutMs,
          signal: options.signal,
          read: surelyReads.test(query),
          headers: trace ? traceHeaders(trace) : undefined,
        },
      );
      if (answer.errors?.length) throw new SubgraphAnswerError(subgraph, answer.errors);
      return answer.data as Data;
    },
  };
}
