import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { newTrace, type Trace, traceFromHeaders } from '@mercato/telemetry';
import { type ExecutionArgs, GraphQLError, OperationTypeNode } from 'graphql';
import { type ExecutionResult, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { RouterContext } from '../context.ts';
import { formatError } from '../errors.ts';
import { forwardedHeaders } from '../http/forwarded-headers.ts';
import { requestFrom } from '../http/read-request.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { type Answering, answerOperation, readOperation } from '../operations/answer-operation.ts';
import { RequestError } from '../operations/request-error.ts';
import type { Endpoint } from './endpoint.ts';
import { Subscriber, SubscriptionEvent, SubscriptionFailed } from './subscriber.ts';
import type { WebSocketConnection } from './web-socket-connection.ts';

export type WebSocketProtocol = Server<WebSocketConnection>;

/**
 * The `graphql-transport-ws` protocol, with our own pipeline for what is asked over it:
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
 */
export const webSocketProtocol = (endpoint: Endpoint): WebSocketProtocol =>
  makeServer<Record<string, unknown> | undefined, WebSocketConnection>({
    connectionInitWaitTimeout: endpoint.settings.initialisation,
    onConnect({ extra: connection, connectionParams }) {
      connection.introduce(clientIn(connectionParams));
      return connection.recognize(authorizationIn(connectionParams));
    },
    async onSubscribe({ extra: connection }, _id, payload) {
      const asked = new Asked(connection, endpoint);
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

/** What clients call themselves in headers over HTTP. */
const clientHeaders = ['apollographql-client-name', 'apollographql-client-version'];

const clientIn = (params: Readonly<Record<string, unknown>> | undefined): Record<string, string> =>
  Object.fromEntries(
    clientHeaders.flatMap((name) => {
      const value = params?.[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );

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

/** What the client that opened the WebSocket records its operations are part of; each is a request of its own. */
const traceOf = (headers: IncomingHttpHeaders): Trace => ({ ...traceFromHeaders(headers), requestId: randomUUID() });

/** Each operation came with the request that was switched to a WebSocket. */
const switched = { method: 'GET', status: 101 };

/** One operation that a client asks for over its WebSocket. */
class Asked {
  readonly #connection: WebSocketConnection;
  readonly #endpoint: Endpoint;
  readonly #record: OperationRecord;

  constructor(connection: WebSocketConnection, endpoint: Endpoint) {
    const { headers } = connection;
    this.#connection = connection;
    this.#endpoint = endpoint;
    const arrival = { method: switched.method, headers, trace: traceOf(headers) };
    this.#record = new OperationRecord(arrival, endpoint.answering, endpoint.logger);
  }

  async begin(payload: SubscribePayload): Promise<ExecutionArgs> {
    const ended = this.#connection.beginOperation();
    if (!ended) throw tooMany();
    let subscriber: Subscriber | undefined;
    try {
      const args = await this.#begin(payload);
      const { outcome } = args.contextValue;
      if (outcome instanceof Subscriber) subscriber = outcome;
      return args;
    } finally {
      if (subscriber) this.#connection.follow(subscriber, ended);
      else ended();
    }
  }

  async #begin(payload: SubscribePayload): Promise<ExecutionArgs & { readonly contextValue: Begun }> {
    const { subscriptions, answering } = this.#endpoint;
    // The protocol wants a text where a document is named instead.
    const request = requestFrom({ ...payload, query: payload.query === '' ? undefined : payload.query });
    this.#record.asked = request;
    const context = this.#contextFor(answering);
    this.#record.context = context;
    await answering.admission.mayAsk(context.account);
    const operation = await readOperation(request, context, answering);
    this.#record.operation = operation;
    const { document, graph, name } = operation;
    const args = { document, schema: graph.schema, operationName: name };
    if (operation.type === OperationTypeNode.SUBSCRIPTION) {
      const subscriber = await subscriptions.start(operation, request, context, answering);
      this.#record.end([], switched.status);
      return { ...args, contextValue: new Begun(subscriber) };
    }
    const { data, errors, extensions, spent } = await answerOperation(operation, request, context, answering);
    this.#record.spent = spent;
    const told = errors.map((error) => formatError(error, this.#record.trace, this.#endpoint.logger));
    this.#record.end(told, switched.status);
    const answer = { ...(told.length > 0 ? { errors: told } : {}), data, ...(extensions ? { extensions } : {}) };
    return { ...args, contextValue: new Begun(new SubscriptionEvent(answer)) };
  }

  /** Told as it is: the protocol formats it. */
  refuse(error: unknown): readonly GraphQLError[] {
    const { logger } = this.#endpoint;
    const refused = error instanceof RequestError ? error : new RequestError([asGraphQLError(error)]);
    const account = this.#record.context?.account;
    if (account) this.#endpoint.answering.admission.refused(account, refused);
    const told = refused.errors.map((each) => formatError(each, this.#record.trace, logger));
    this.#record.end(told, switched.status);
    return [new GraphQLError('Refused.', { originalError: new SubscriptionFailed(told) })];
  }

  #contextFor({ admission }: Answering): RouterContext {
    const { client, address, interest, headers } = this.#connection;
    return {
      viewer: client.viewer,
      trace: this.#record.trace,
      deadline: this.#record.startedAt + this.#endpoint.operationTimeoutMs,
      interest,
      forwarded: forwardedHeaders(this.#endpoint.forwardHeaders, headers),
      account: admission.accountOf(client, address),
      calls: this.#record.calls,
    };
  }
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The router failed.', {
        originalError: error instanceof Error ? error : new Error(String(error)),
      });
