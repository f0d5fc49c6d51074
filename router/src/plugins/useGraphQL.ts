import type { Logger } from '@mercato/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { cacheControlOf, noStore, varyWith } from '../caching/cache-headers.ts';
import { freshUntil } from '../caching/entity-cache/fresh-until.ts';
import type { RouterContext } from '../context.ts';
import { formatError } from '../errors.ts';
import type { Data } from '../execution/data.ts';
import { badRequest } from '../http/bad-request.ts';
import { contextOf } from '../http/context-of.ts';
import { type AnswerType, acceptedType, acceptsEvents } from '../http/media-types.ts';
import { readRequest } from '../http/read-request.ts';
import { statusOf, writeAnswer } from '../http/write-answer.ts';
import { guestClient } from '../identity/client.ts';
import type { Identity } from '../identity/identity.ts';
import { rateHeaders } from '../limits/rate/answers.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { describePlan, planAskedFor } from '../observability/query-plan.ts';
import {
  type Answering,
  answerOperation,
  type OperationRequest,
  readOperation,
} from '../operations/answer-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { RequestError } from '../operations/request-error.ts';
import type { Live } from '../subscriptions/useSubscriptions.ts';

export interface GraphQLSettings {
  /** Where it stands, such as `/graphql`. */
  readonly path: string;
  readonly answering: Answering;
  readonly identity: Identity;
  readonly live: Pick<Live, 'subscriptions' | 'eventStreams'>;
  /** Milliseconds a whole operation may take. */
  readonly operationTimeoutMs: number;
  readonly forwardHeaders: readonly string[];
  /** Where browsers that open the address are sent. */
  readonly explorerPath: string | undefined;
  readonly logger: Logger;
}

/** GraphQL over HTTP: https://graphql.github.io/graphql-over-http/, POST and GET, no batches. */
export function useGraphQL(server: FastifyInstance, settings: GraphQLSettings): void {
  const { path, explorerPath } = settings;
  server.route({
    method: ['GET', 'POST'],
    url: path,
    async handler(request, reply) {
      if (explorerPath && isPageVisit(request)) return reply.redirect(explorerPath);
      return new Exchange(request, reply, settings).answer();
    },
  });
  server.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: path,
    async handler(_request, reply) {
      reply.header('allow', 'GET, POST');
      throw badRequest('GraphQL is asked for by POST, or by GET where it only reads.', 405).errors[0];
    },
  });
}

/** A person who opened the address in a browser, without a query. */
const isPageVisit = ({ method, headers, query }: FastifyRequest): boolean =>
  method === 'GET' &&
  (headers.accept?.includes('text/html') ?? false) &&
  !(typeof query === 'object' && query !== null && ['query', 'documentId', 'extensions'].some((name) => name in query));

/** One request and its answer. What is known so far is told in the log, however it ends. */
class Exchange {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #settings: GraphQLSettings;
  readonly #record: OperationRecord;
  #type: AnswerType = 'json';
  #client = guestClient;

  constructor(request: FastifyRequest, reply: FastifyReply, settings: GraphQLSettings) {
    this.#request = request;
    this.#reply = reply;
    this.#settings = settings;
    this.#record = new OperationRecord(request, settings.answering, settings.logger);
    request.trace = this.#record.trace;
  }

  async answer(): Promise<FastifyReply> {
    try {
      return await this.#answer();
    } catch (error) {
      return this.#refuse(error instanceof RequestError ? error : new RequestError([asGraphQLError(error)]));
    }
  }

  async #answer(): Promise<FastifyReply> {
    const { answering, logger } = this.#settings;
    this.#type = acceptedType(this.#request.headers.accept);
    const asked = readRequest(this.#request);
    this.#record.asked = asked;
    const context = await this.#contextOf();
    this.#record.context = context;
    const turning = answering.admission.mayAsk(context.account);
    if (turning) await turning;
    const read = readOperation(asked, context, answering);
    const operation = read instanceof Promise ? await read : read;
    this.#record.operation = operation;
    this.#mayBeAsked(operation);
    if (operation.type === OperationTypeNode.SUBSCRIPTION) return this.#follow(operation, asked, context);
    const { data, errors, extensions: given, spent } = await answerOperation(operation, asked, context, answering);
    this.#record.spent = spent;
    const planned = planAskedFor(this.#request.headers, context.viewer);
    const extensions = planned ? await this.#withPlan(planned, given, operation, asked, context) : given;
    const { trace } = this.#request;
    const told = errors.length > 0 ? errors.map((error) => formatError(error, trace, logger)) : none;
    this.#tellCaches(
      cacheControlOf(operation, {
        isComplete: told.length === 0 && !extensions,
        isForGuest: context.viewer.kind === 'guest',
        freshUntil: freshUntil(context),
      }),
    );
    // An answer that shared caches keep says nothing of one client.
    const isShared = String(this.#reply.getHeader('cache-control')).startsWith('public');
    if (spent.left && !isShared) this.#reply.headers(rateHeaders(spent.left));
    this.#record.end(told, 200);
    return writeAnswer(this.#reply, this.#type, {
      ...(told.length > 0 ? { errors: told } : {}),
      data,
      ...(extensions ? { extensions } : {}),
    });
  }

  async #withPlan(
    name: string,
    extensions: Readonly<Data> | undefined,
    operation: Operation,
    { variables = {} }: OperationRequest,
    { viewer }: RouterContext,
  ): Promise<Readonly<Data>> {
    const plan = await describePlan(operation, variables, viewer, this.#settings.answering.authorization);
    return { ...extensions, [name]: plan };
  }

  #tellCaches(cacheControl: string): void {
    this.#reply.header('cache-control', cacheControl);
    if (cacheControl === noStore) return;
    this.#reply.header('vary', varyWith(this.#reply.getHeader('vary'), this.#settings.forwardHeaders));
  }

  #mayBeAsked({ type }: Operation): void {
    if (type === OperationTypeNode.MUTATION && this.#request.method === 'GET') {
      throw badRequest('A GET only reads; send mutations as POST.', 405, { allow: 'POST' });
    }
    if (type === OperationTypeNode.SUBSCRIPTION) {
      if (acceptsEvents(this.#request.headers.accept)) return;
      throw badRequest('A subscription wants a connection that stays: a WebSocket, or accept "text/event-stream".');
    }
  }

  #follow(operation: Operation, asked: OperationRequest, context: RouterContext): Promise<FastifyReply> {
    const { answering, identity, live } = this.#settings;
    return live.eventStreams.follow(this.#reply, {
      client: this.#client,
      identity,
      authorization: this.#request.headers.authorization,
      address: this.#request.ip,
      start: async () => {
        const subscriber = await live.subscriptions.start(operation, asked, context, answering);
        this.#record.end(none, 200);
        return subscriber;
      },
    });
  }

  async #contextOf(): Promise<RouterContext> {
    const { client, context } = await contextOf(this.#request, this.#reply, this.#settings, this.#record);
    this.#client = client;
    return context;
  }

  #refuse(error: RequestError): FastifyReply {
    const { trace } = this.#request;
    this.#reply.header('cache-control', noStore);
    const account = this.#record.context?.account;
    const left = account && this.#settings.answering.admission.refused(account, error);
    if (left) this.#reply.headers(rateHeaders(left));
    // What is refused is no stream.
    const type = this.#type === 'events' ? 'graphql' : this.#type;
    const status = statusOf(error, this.#reply, type);
    const errors = error.errors.map((each) => formatError(each, trace, this.#settings.logger));
    const isBug = errors.some(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR');
    const code = isBug ? 500 : status;
    this.#record.end(errors, code);
    this.#reply.code(code);
    return writeAnswer(this.#reply, type, { errors });
  }
}

const none: readonly ReturnType<typeof formatError>[] = [];

const asGraphQLError = (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('The router failed.', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
};
