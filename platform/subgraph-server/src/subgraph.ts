import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { enforceAuthorization, type ViewerVerifier } from '@mercato/auth';
import { type Logger, runInTrace, traceFromHeaders } from '@mercato/telemetry';
import type { FastifyPluginAsync } from 'fastify';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { SubgraphCall } from './call.ts';
import { createDocumentCache, run } from './execute.ts';
import { createHttpServer } from './http.ts';
import { maskError } from './mask-error.ts';
import { scalarsOf } from './scalars.ts';
import type { SubgraphWorker } from './worker.ts';

/** What a domain gives to become a subgraph. */
export interface SubgraphDefinition<Context extends SubgraphCall> {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  /** The generated `Resolvers` of the schema, whose types codegen has checked. */
  readonly resolvers: Readonly<Record<string, unknown>>;
  readonly verifier: ViewerVerifier;
  readonly logger: Logger;
  /** Made anew for each call: loaders live as long as one call. */
  readonly context: (call: SubgraphCall) => Context;
  /** Further HTTP routes, such as uploads; served by the subgraph and passed through by the router. */
  readonly routes?: FastifyPluginAsync;
  /** Whether it can serve now, such as whether its database answers. */
  readonly ready: () => Promise<void>;
  /** Puts the example shop's data in; a second time changes nothing. */
  readonly seed?: () => Promise<void>;
  /** Starts relay, consumers and jobs. */
  readonly startWorker?: () => Promise<SubgraphWorker>;
  /** Closes what the definition opened. */
  readonly close: () => Promise<void>;
}

/** The plain JSON of a GraphQL answer. */
interface Answer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
}

/** A subgraph that runs: within this process, over HTTP, or both. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Answers a call from within the process; the token in `authorization` is checked as over HTTP. */
  answer(
    request: {
      query: string;
      variables?: Readonly<Record<string, unknown>> | undefined;
      operationName?: string | undefined;
    },
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer>;
  readonly routes: FastifyPluginAsync | undefined;
  ready(): Promise<void>;
  seed(): Promise<void>;
  startWorker(): Promise<SubgraphWorker>;
  listen(options: { port: number; host: string }): Promise<{ url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

export function createSubgraphServer<Context extends SubgraphCall>(definition: SubgraphDefinition<Context>): Subgraph {
  const { name, typeDefs, resolvers, verifier, logger, routes } = definition;
  const schema = enforceAuthorization(
    // The one cast: codegen's resolver types and the library's describe the same map in different words.
    buildSubgraphSchema({
      typeDefs,
      resolvers: { ...scalarsOf(typeDefs), ...resolvers } as GraphQLResolverMap<unknown>,
    }),
  );
  const documents = createDocumentCache(schema);

  const answer: Subgraph['answer'] = (request, headers, signal) => {
    const trace = traceFromHeaders(headers);
    return runInTrace(trace, async () => {
      const masking = { logger, requestId: trace.requestId };
      try {
        const viewer = await verifier.verify(headers.authorization);
        const context = definition.context({ viewer, requestId: trace.requestId, logger, signal });
        const result = await run(schema, documents.prepare(request.query), request, context);
        const errors = result.errors?.map((error) => maskError(error, masking));
        // One pass through JSON: the caller owns what it gets, and gets the same as over HTTP.
        return JSON.parse(
          JSON.stringify({
            ...(result.data === undefined ? {} : { data: result.data }),
            ...(errors ? { errors } : {}),
          }),
        );
      } catch (error) {
        const asGraphQL =
          error instanceof GraphQLError ? error : new GraphQLError('', { originalError: asError(error) });
        return { errors: [maskError(asGraphQL, masking)] };
      }
    });
  };

  const subgraph: Subgraph = {
    name,
    schema,
    answer,
    routes,
    ready: definition.ready,
    seed: async () => definition.seed?.(),
    startWorker: async () => definition.startWorker?.() ?? { stop: async () => {} },
    async listen({ port, host }) {
      const server = await createHttpServer(subgraph, logger);
      await server.listen({ port, host });
      const { port: actual } = server.server.address() as AddressInfo;
      return {
        url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/graphql`,
        close: () => server.close(),
      };
    },
    close: definition.close,
  };
  return subgraph;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
