import { Interest, type SubgraphAnswer, SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Logger, Trace } from '@mercato/telemetry';
import { recorded } from '@mercato/telemetry/tracing';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { RouterContext } from '../context.ts';
import { formatError } from '../errors.ts';
import type { FetchStep } from '../execution/compiled-plan.ts';
import type { Data } from '../execution/data.ts';
import { variablesFor } from '../execution/execute-plan.ts';
import { applyRewrites } from '../execution/rewrites.ts';
import {
  type Answering,
  type OperationRequest,
  type PreparedOperation,
  prepareOperation,
  runOperation,
} from '../operations/answer-operation.ts';
import { authorizeOperation } from '../operations/authorize-operation.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationPart } from '../operations/operation-part.ts';
import { RequestError } from '../operations/request-error.ts';
import { callFailed, errorsOfSubgraph, subgraphUnavailable } from '../subgraphs/failures.ts';
import { eventIdentityOf } from './event-identity.ts';
import { type FollowParts, followSubgraph } from './follow-subgraph.ts';
import { renewed, rightsChanged } from './renewal.ts';
import { type Subscriber, SubscriptionFailed } from './subscriber.ts';
import { Subscription, type SubscriptionSource } from './subscription.ts';

export interface SubscriptionsParts extends FollowParts {
  readonly logger: Logger;
  /** Milliseconds that completing one event may take. */
  readonly eventTimeout: number;
}

interface Started {
  /** By the schema of the last event. */
  prepared: PreparedOperation;
  /** What its events come from. */
  readonly step: FetchStep;
  readonly context: RouterContext;
  readonly answering: Answering;
}

/** Follows subgraphs for clients. Identical subscriptions of guests that need nothing added are one, see `isShared`. */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #shared = new WeakMap<OperationPart, Map<string, Subscription>>();
  #following = 0;
  #events = 0;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  /** How many clients follow something now. */
  get open(): number {
    return this.#following;
  }

  /** How many events came, ever. */
  get events(): number {
    return this.#events;
  }

  /**
   * Starts to follow, with the checks and for the points of any operation.
   * @param context of the client: its `deadline` holds for the start alone
   * @throws RequestError when it may not
   */
  async start(
    operation: Operation,
    request: OperationRequest,
    context: RouterContext,
    answering: Answering,
  ): Promise<Subscriber> {
    const prepared = await prepareOperation(operation, request, context, answering);
    const { authorized, plan } = prepared;
    const step = plan.subscription;
    if (!step) {
      const { errors } = authorized;
      throw new RequestError(errors.length > 0 ? errors : [new GraphQLError('There is nothing to follow.')]);
    }
    const started = { prepared, step, context, answering };
    const left = this.#logOf(operation, context);
    if (!isShared(started)) return this.#open(started, false, () => {}).join(left);

    const { part } = authorized;
    let streams = this.#shared.get(part);
    if (!streams) {
      streams = new Map();
      this.#shared.set(part, streams);
    }
    const key = JSON.stringify([prepared.variables, context.forwarded]);
    let stream = streams.get(key);
    if (!stream?.isOpen) {
      const mine = this.#open(started, true, () => {
        if (streams.get(key) === mine) streams.delete(key);
      });
      stream = mine;
      streams.set(key, mine);
    }
    return stream.join(left);
  }

  #open(started: Started, remembers: boolean, closed: () => void): Subscription {
    const { prepared, step } = started;
    const interest = new Interest();
    // Events are not reported.
    const context = { ...started.context, interest, calls: undefined };
    const followed: Started = { ...started, context };
    const source: SubscriptionSource = {
      answers: this.#answersOf(followed),
      identityOf: eventIdentityOf(step, prepared.operation.graph),
      remembers,
      complete: (answer) => this.#recorded(answer, followed),
      failureOf: (error) => this.#failureOf(error, context),
      abandoned() {
        interest.end();
        closed();
      },
    };
    return new Subscription(source);
  }

  #answersOf({ step, prepared, context }: Started): AsyncIterable<SubgraphAnswer> {
    const { subgraph, query, operationName } = step;
    const { variables } = variablesFor(step, prepared.variables);
    const request = { query, operationName, variables };
    return followSubgraph({ subgraph, request, ...context }, this.#parts);
  }

  /** Each event is a piece of work of its own, long after the request that it is told for. */
  #recorded(answer: SubgraphAnswer, started: Started): Promise<FormattedExecutionResult> {
    const { step, context, prepared } = started;
    this.#events += 1;
    const name = prepared.operation.name?.slice(0, 100);
    return recorded(
      name ? `event ${name}` : 'event',
      'consumer',
      context.trace,
      { 'mercato.subgraph': step.subgraph, 'graphql.operation.name': name, 'mercato.viewer': context.viewer.kind },
      (trace) => this.#complete(answer, started, trace),
      ({ errors }) => errors && String(errors[0]?.extensions?.code ?? 'INTERNAL_SERVER_ERROR'),
    );
  }

  /** One event: seen by the viewer of the start, as long as the viewer may. */
  async #complete(answer: SubgraphAnswer, started: Started, trace: Trace): Promise<FormattedExecutionResult> {
    const { step, answering } = started;
    const context = { ...started.context, trace, deadline: performance.now() + this.#parts.eventTimeout };
    const { logger } = this.#parts;
    if (answering.documents.graph !== started.prepared.operation.graph) {
      started.prepared = await renewed(started.prepared, step, context.viewer, answering);
    }
    const { prepared } = started;
    const met = answer.errors ? errorsOfSubgraph(step.subgraph, answer, trace) : [];
    if (answer.data === undefined) {
      throw new SubscriptionFailed(met.length > 0 ? met : [callFailed(step.subgraph, [], trace)]);
    }
    await this.#mayStillFollow(prepared, context, answering);
    const begun: Data = answer.data ?? {};
    applyRewrites(step.outputRewrites, begun, prepared.operation.graph.types);
    try {
      const { data, errors, extensions } = await runOperation(
        prepared,
        { data: begun, errors: met },
        context,
        answering,
      );
      const told = errors.map((error) => formatError(error, trace, logger));
      return { ...(told.length > 0 ? { errors: told } : {}), data, ...(extensions ? { extensions } : {}) };
    } catch (error) {
      return { errors: [formatError(asGraphQLError(error), trace, logger)], data: null };
    }
  }

  async #mayStillFollow(
    { operation, conditions, authorized }: PreparedOperation,
    { viewer }: RouterContext,
    { authorization }: Answering,
  ): Promise<void> {
    const { part } = await authorizeOperation(operation, conditions, viewer, authorization);
    if (part !== authorized.part) throw rightsChanged();
  }

  /** Tells the log how it went, once it is over; that it began is told as of any operation. */
  #logOf(operation: Operation, { trace, viewer }: RouterContext): (subscriber: Subscriber) => void {
    const begunAt = performance.now();
    this.#following += 1;
    return ({ sent, failure }) => {
      this.#following -= 1;
      this.#parts.logger.info(
        {
          operation: operation.name?.slice(0, 100) ?? 'anonymous',
          durationMs: Math.round(performance.now() - begunAt),
          events: sent,
          codes: failure?.errors.map(({ extensions }) => extensions?.code),
          viewer: viewer.kind,
          requestId: trace.requestId,
          traceId: trace.traceId,
        },
        'subscription ended',
      );
    };
  }

  #failureOf(error: unknown, { trace }: RouterContext): SubscriptionFailed {
    if (error instanceof SubscriptionFailed) return error;
    if (error instanceof SubgraphUnavailableError) {
      this.#parts.failed(error, error.subgraph, trace);
      return new SubscriptionFailed([subgraphUnavailable(error, [], false)]);
    }
    const errors = error instanceof RequestError ? error.errors : [asGraphQLError(error)];
    return new SubscriptionFailed(errors.map((each) => formatError(each, trace, this.#parts.logger)));
  }
}

/**
 * Guests are all the same to subgraphs, and many of them watch the same thing. What others add to events is read when an
 * event comes, and would be old for one who comes later; so only what the stream itself holds is shared.
 */
function isShared({ prepared, step, context }: Started): boolean {
  const { operation, plan } = prepared;
  return context.viewer.kind === 'guest' && !plan.root && eventIdentityOf(step, operation.graph) !== undefined;
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The router failed.', {
        originalError: error instanceof Error ? error : new Error(String(error)),
      });
