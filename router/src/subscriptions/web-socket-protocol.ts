import { newTrace, type Trace } from '@mercato/telemetry';
import { type ExecutionArgs, GraphQLError, OperationTypeNode } from 'graphql';
import { type ExecutionResult, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { RouterContext } from '../context.ts';
import { formatError } from '../errors.ts';
import { forwardedHeaders } from '../http/forwarded-headers.ts';
import { requestFrom } from '../http/read-request.ts';
import { type Answering, answerOperation, readOperation } from '../operations/answer-operation.ts';
import { logOperation } from '../operations/log-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { RequestError } from '../operations/request-error.ts';
import type { Endpoint } from './endpoint.ts';
import { type Subscriber, SubscriptionEvent, SubscriptionFailed } from './subscriber.ts';
import type { WebSocketConnection } from './web-socket-connection.ts';

export type WebSocketProtocol = Server<WebSocketConnection>;

/**
 * The `graphql-transport-ws` protocol, with our own pipeline for what is asked over it:
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
 */
export const webSocketProtocol = (endpoint: Endpoint): WebSocketProtocol =>
  makeServer<Record<string, unknown> | undefined, WebSocketConnection>({
    connectionInitWaitTimeout: endpoint.settings.initialisation,
    onConnect: ({ extra: connection, connectionParams }) => connection.recognize(authorizationIn(connectionParams)),
    async onSubscribe({ extra: connection, subscriptions }, _id, payload) {
      const asked = new Asked(connection, endpoint);
      if (Object.keys(subscriptions).length > endpoint.settings.operationsPerConnection) return [tooMany()];
      try {
        return await asked.begin(payload);
      } catch (error) {
        return asked.refuse(error);
      }
    },
    execute: ({ contextValue }) => outcomeOf(contextValue),
    subscribe: ({ contextValue }) => outcomeOf(contextValue),
    onNext: (_context, _id, _payload, _args, result) =>
      result instanceof SubscriptionEvent ? result.answer : undefined,
    onError: (_context, _id, _payload, errors) =>
      errors.flatMap((error) =>
        error.originalError instanceof SubscriptionFailed
          ? error.originalError.errors
          : formatError(error, newTrace(), endpoint.logger),
      ),
  });

/** `connection_init` may bring what HTTP brings in its header; browsers' WebSockets have no headers. */
function authorizationIn(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (!params) return undefined;
  const name = Object.keys(params).find((each) => each.toLowerCase() === 'authorization');
  const value = name === undefined ? undefined : params[name];
  if (typeof value !== 'string' || value === '') return undefined;
  return value.includes(' ') ? value : `Bearer ${value}`;
}

const tooMany = () =>
  new GraphQLError('Too many operations run on this connection; end some.', { extensions: { code: 'RATE_LIMITED' } });

/** What an operation has come to before the protocol goes on with it. */
class Begun {
  readonly outcome: Subscriber | SubscriptionEvent;

  constructor(outcome: Subscriber | SubscriptionEvent) {
    this.outcome = outcome;
  }
}

function outcomeOf(contextValue: unknown): AsyncIterable<ExecutionResult> | ExecutionResult {
  if (contextValue instanceof Begun) return contextValue.outcome;
  throw new Error('The operation was not begun.');
}

/** One operation that a client asks for over its WebSocket. */
class Asked {
  readonly #connection: WebSocketConnection;
  readonly #endpoint: Endpoint;
  readonly #trace: Trace = newTrace();
  readonly #startedAt = performance.now();
  #context: RouterContext | undefined;
  #operation: Operation | undefined;
  #operationName: string | undefined;

  constructor(connection: WebSocketConnection, endpoint: Endpoint) {
    this.#connection = connection;
    this.#endpoint = endpoint;
  }

  async begin(payload: SubscribePayload): Promise<ExecutionArgs> {
    const { subscriptions, answering } = this.#endpoint;
    // The protocol wants a text where a document is named instead.
    const request = requestFrom({ ...payload, query: payload.query === '' ? undefined : payload.query });
    this.#operationName = request.operationName;
    const context = this.#contextFor(answering);
    this.#context = context;
    await answering.admission.mayAsk(context.account);
    const operation = await readOperation(request, context.viewer, answering);
    this.#operation = operation;
    const { document, graph, name } = operation;
    const args = { document, schema: graph.schema, operationName: name };
    if (operation.type === OperationTypeNode.SUBSCRIPTION) {
      const subscriber = await subscriptions.start(operation, request, context, answering);
      this.#log([], undefined);
      return { ...args, contextValue: new Begun(subscriber) };
    }
    const { data, errors, extensions, spent } = await answerOperation(operation, request, context, answering);
    const told = errors.map((error) => formatError(error, this.#trace, this.#endpoint.logger));
    this.#log(told, spent);
    const answer = { ...(told.length > 0 ? { errors: told } : {}), data, ...(extensions ? { extensions } : {}) };
    return { ...args, contextValue: new Begun(new SubscriptionEvent(answer)) };
  }

  /** Told as it is: the protocol formats it. */
  refuse(error: unknown): readonly GraphQLError[] {
    const { logger } = this.#endpoint;
    const refused = error instanceof RequestError ? error : new RequestError([asGraphQLError(error)]);
    const account = this.#context?.account;
    if (account) this.#endpoint.answering.admission.refused(account, refused);
    const told = refused.errors.map((each) => formatError(each, this.#trace, logger));
    this.#log(told, undefined);
    return [new GraphQLError('Refused.', { originalError: new SubscriptionFailed(told) })];
  }

  #contextFor({ admission }: Answering): RouterContext {
    const { client, address, interest, headers } = this.#connection;
    return {
      viewer: client.viewer,
      trace: this.#trace,
      deadline: this.#startedAt + this.#endpoint.operationTimeoutMs,
      interest,
      forwarded: forwardedHeaders(this.#endpoint.forwardHeaders, headers),
      account: admission.accountOf(client, address),
    };
  }

  #log(errors: ReturnType<typeof formatError>[], spent: Parameters<typeof logOperation>[2]['spent']): void {
    const { headers } = this.#connection;
    logOperation(
      this.#endpoint.logger,
      { headers, trace: this.#trace },
      {
        operation: this.#operation,
        operationName: this.#operationName,
        errors,
        httpStatus: 101,
        startedAt: this.#startedAt,
        spent,
        context: this.#context,
      },
      this.#endpoint.answering.observer,
    );
  }
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The router failed.', {
        originalError: error instanceof Error ? error : new Error(String(error)),
      });
