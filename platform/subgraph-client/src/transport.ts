import type { GraphQLFormattedError } from 'graphql';
import type { CallSignal } from './interest.ts';

/** A GraphQL request as it goes over the wire. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** The same as JSON, where the caller has written it already. */
  readonly json?: string | undefined;
}

/** A GraphQL answer as it comes over the wire: plain JSON, owned by the receiver. */
export interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

export interface SubgraphCallOptions {
  /** `Bearer <token>` from a viewer signer. */
  readonly authorization: string;
  /** Milliseconds until nobody waits for the answer any more; it travels to the subgraph. */
  readonly timeoutMs: number;
  /**
   * Whether it only reads, and so may be sent again to another instance although the first may have got it. What is not
   * said to be a read is sent again only when it surely never arrived.
   */
  readonly read?: boolean | undefined;
  /** Ends the call early, as when the client went away. */
  readonly signal?: CallSignal | undefined;
  /** Further headers, such as the trace. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The answers of a subscription, one an event. `next` is called when the one before has settled; `return` ends it at
 * once, also while `next` waits.
 */
export interface SubgraphAnswers extends AsyncIterableIterator<SubgraphAnswer, undefined> {
  return(): Promise<IteratorResult<SubgraphAnswer, undefined>>;
}

/** How a subgraph is reached: over HTTP or within the process. */
export interface SubgraphTransport {
  /** @throws SubgraphUnavailableError when there is no GraphQL answer. */
  send(subgraph: string, request: SubgraphRequest, options: SubgraphCallOptions): Promise<SubgraphAnswer>;
  /**
   * Follows a subscription, from the first `next` on; `timeoutMs` is how long it may take to begin. A subgraph that
   * refuses gives one answer with errors and no data, and the iterator is done. Done after that, or after `return`, or
   * when `signal` ended it; done without either, there is nothing more to follow.
   * `next` throws SubgraphUnavailableError when the subgraph cannot be reached or goes away, as when its process is
   * replaced: subscribing again gives the present state first.
   */
  subscribe(subgraph: string, request: SubgraphRequest, options: SubgraphCallOptions): SubgraphAnswers;
  close(): Promise<void>;
}

/** The subgraph gave no GraphQL answer. Its message never holds an address. */
export class SubgraphUnavailableError extends Error {
  override readonly name = 'SubgraphUnavailableError';
  readonly subgraph: string;
  readonly reason: 'unreachable' | 'timeout' | 'bad-response' | 'aborted' | 'circuit-open';
  /** Whether the request may have been carried out all the same: false only when it surely never arrived. */
  readonly mayHaveHappened: boolean;

  constructor(subgraph: string, reason: SubgraphUnavailableError['reason'], mayHaveHappened: boolean, cause?: unknown) {
    const what = {
      unreachable: 'cannot be reached',
      timeout: 'did not answer in time',
      'bad-response': 'gave an answer that is not GraphQL',
      aborted: 'was not waited for',
      'circuit-open': 'has not been answering and is not asked for a moment',
    }[reason];
    super(`The ${subgraph} service ${what}.`, { cause });
    this.subgraph = subgraph;
    this.reason = reason;
    this.mayHaveHappened = mayHaveHappened;
  }
}
