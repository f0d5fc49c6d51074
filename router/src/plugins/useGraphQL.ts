import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { Interest } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouterContext } from '../context.ts';
import { errorFormatter } from '../errors.ts';
import type { Identity } from '../identity/identity.ts';
import { createDocumentLimits } from '../limits/document-limits.ts';
import type { Limits } from '../options.ts';
import { apolloLogger, type createGateway } from '../subgraphs/gateway.ts';
import { TraceOfError } from '../trace-of-error.ts';
import { useErrorTraces } from './useErrorTraces.ts';
import { useOperationLog } from './useOperationLog.ts';

export interface GraphQLSettings {
  readonly gateway: ReturnType<typeof createGateway>;
  readonly identity: Identity;
  readonly introspection: boolean;
  readonly limits: Limits;
  /** Milliseconds a whole operation may take. */
  readonly operationTimeoutMs: number;
  readonly forwardHeaders: readonly string[];
  /** Where browsers that open `/graphql` are sent. */
  readonly explorerPath: string | undefined;
  readonly logger: Logger;
}

/** GraphQL over HTTP at `/graphql`: https://graphql.github.io/graphql-over-http/, POST and GET, no batches. */
export async function useGraphQL(
  server: FastifyInstance,
  settings: GraphQLSettings,
): Promise<ApolloServer<RouterContext>> {
  const { gateway, introspection, limits, logger, explorerPath } = settings;
  const traces = new TraceOfError();
  const apollo = new ApolloServer<RouterContext>({
    gateway,
    introspection,
    // Suggestions ("Did you mean…") tell the schema to whoever may not ask for it.
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    parseOptions: { maxTokens: limits.tokens },
    maxRecursiveSelections: true,
    formatError: errorFormatter(logger, traces),
    logger: apolloLogger(logger),
    plugins: [
      useErrorTraces(traces),
      useOperationLog(logger, traces),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  const documents = createDocumentLimits(limits);
  const answer = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      try {
        documents.check(queryOf(request));
        return await contextOf(request, reply, settings);
      } catch (error) {
        traces.remember(error, request.trace);
        throw error;
      }
    },
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      if (explorerPath && isPageVisit(request)) return reply.redirect(explorerPath);
      return answer.call(server, request, reply);
    },
  });
  return apollo;
}

/** A person who opened the address in a browser, without a query. */
const isPageVisit = ({ method, headers, query }: FastifyRequest): boolean =>
  method === 'GET' &&
  (headers.accept?.includes('text/html') ?? false) &&
  !(typeof query === 'object' && query !== null && 'query' in query);

function queryOf({ method, body, query }: FastifyRequest): unknown {
  const source: unknown = method === 'GET' ? query : body;
  return typeof source === 'object' && source !== null && 'query' in source ? source.query : undefined;
}

async function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { identity, operationTimeoutMs, forwardHeaders }: GraphQLSettings,
): Promise<RouterContext> {
  const deadline = performance.now() + operationTimeoutMs;
  const interest = new Interest();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) interest.end();
  });
  return {
    viewer: await identity.identify(request.headers.authorization),
    trace: request.trace,
    deadline,
    interest,
    forwarded: Object.fromEntries(
      forwardHeaders.flatMap((name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    ),
  };
}
