import type { SubgraphAnswers } from '@mercato/subgraph-client';
import { runInTrace, type Trace } from '@mercato/telemetry';
import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import type { Answer } from './answer.ts';
import type { Prepared, Request } from './execute.ts';

export interface SubscriptionRun {
  readonly schema: GraphQLSchema;
  readonly prepared: Prepared;
  readonly request: Request;
  /** Made anew for each event: what loaders remembered of the event before is old. */
  readonly contextValue: () => unknown;
  /** The answer as the caller may see it. */
  readonly answerOf: (result: ExecutionResult) => Answer;
  /** What each event is part of, long after the request that began it. */
  readonly trace: Trace;
  /** Aborted when nobody follows any more. */
  readonly signal: AbortSignal;
}

/** Begins a subscription. What refuses it, such as a wrong document or a missing right, is one answer with errors. */
export async function subscribe(run: SubscriptionRun): Promise<SubgraphAnswers | Answer> {
  const { schema, prepared, request, contextValue, answerOf } = run;
  if ('errors' in prepared) return answerOf({ errors: prepared.errors });
  const { document } = prepared;
  const operation = getOperationAST(document, request.operationName);
  if (operation && operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    const message = `A ${operation.operation} gives one answer; send it with accept: application/json.`;
    return answerOf({ errors: [new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })] });
  }
  const source = await createSourceEventStream({
    schema,
    document,
    contextValue: contextValue(),
    variableValues: request.variables ?? null,
    operationName: request.operationName ?? null,
  });
  return Symbol.asyncIterator in source ? new EventAnswers(source, run) : answerOf(source);
}

type Result = IteratorResult<Answer, undefined>;

const done: Result = { value: undefined, done: true };

/** Executes the operation once for each event, when its consumer is ready for it: events wait in their source. */
class EventAnswers implements SubgraphAnswers {
  readonly #events: AsyncIterator<unknown>;
  readonly #run: SubscriptionRun;
  /** Ends the wait for the next answer. */
  #stopWaiting: (result: Result) => void = () => {};
  #over = false;

  constructor(source: AsyncIterable<unknown>, run: SubscriptionRun) {
    this.#events = source[Symbol.asyncIterator]();
    this.#run = run;
    if (run.signal.aborted) void this.return();
    else run.signal.addEventListener('abort', () => void this.return(), { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#over) return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.#stopWaiting = resolve;
      runInTrace(this.#run.trace, () => this.#answer()).then(resolve, reject);
    });
  }

  async return(): Promise<Result> {
    if (this.#over) return done;
    this.#over = true;
    this.#stopWaiting(done);
    await this.#events.return?.();
    return done;
  }

  async #answer(): Promise<Result> {
    const { schema, prepared, request, contextValue, answerOf } = this.#run;
    if ('errors' in prepared) return done;
    try {
      const event = await this.#events.next();
      if (event.done) {
        this.#over = true;
        return done;
      }
      const result = await execute({
        schema,
        document: prepared.document,
        rootValue: event.value,
        contextValue: contextValue(),
        variableValues: request.variables ?? null,
        operationName: request.operationName ?? null,
      });
      return { value: answerOf(result), done: false };
    } catch (error) {
      // What makes the events broke down: its caller is told, and begins again if it likes.
      if (this.#over) return done;
      this.#over = true;
      await this.#events.return?.();
      return { value: answerOf({ errors: [asGraphQLError(error)] }), done: false };
    }
  }
}

const asGraphQLError = (thrown: unknown): GraphQLError =>
  thrown instanceof GraphQLError
    ? thrown
    : new GraphQLError('', { originalError: thrown instanceof Error ? thrown : new Error(String(thrown)) });
