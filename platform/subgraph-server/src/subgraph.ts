import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { enforceAuthorization, type PolicyEvaluator, type ViewerVerifier } from '@mercato/auth';
import type { SubgraphAnswers } from '@mercato/subgraph-client';
import { type Logger, runInTrace, type Trace, traceFromHeaders } from '@mercato/telemetry';
import { measureSubgraphRequests } from '@mercato/telemetry/metrics';
import { activeTracer, type Span } from '@mercato/telemetry/tracing';
import type { FastifyPluginAsync } from 'fastify';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema, graphqlSync } from 'graphql';
import type { Answer } from './answer.ts';
import type { SubgraphCall } from './call.ts';
import { createDocumentCache, type Request, run } from './execute.ts';
import { firstFieldOf } from './first-field.ts';
import { createHttpServer } from './http.ts';
import { maskError } from './mask-error.ts';
import { scalarsOf } from './scalars.ts';
import { subscribe } from './subscription.ts';
import { createTracedRun, wantsTrace } from './traced-run.ts';
import type { SubgraphWorker } from './worker.ts';

/** What a domain gives to become a subgraph. */
export interface SubgraphDefinition<Context extends SubgraphCall> {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  /** The generated `Resolvers` of the schema, whose types codegen has checked. */
  readonly resolvers: Readonly<Record<string, unknown>>;
  readonly verifier: ViewerVerifier;
  /** Which policies of `@policy` hold for whom; none unless given. */
  readonly policies?: PolicyEvaluator;
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

/** A GraphQL request as callers send it. */
interface SubgraphRequest extends Request {
  readonly query: string;
}

/** A subgraph that runs: within this process, over HTTP, or both. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** What it answers to `{ _service { sdl } }`. */
  readonly sdl: string;
  /** Answers a call from within the process; the token in `authorization` is checked as over HTTP. */
  answer(request: SubgraphRequest, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer>;
  /**
   * Begins a subscription, which ends with `signal`. The token is checked now; each event is executed as the viewer of
   * now. What refuses it is one answer with errors.
   */
  subscribe(
    request: SubgraphRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<SubgraphAnswers | Answer>;
  readonly routes: FastifyPluginAsync | undefined;
  ready(): Promise<void>;
  seed(): Promise<void>;
  startWorker(): Promise<SubgraphWorker>;
  /** `close` takes nothing new, answers what it has taken, and ends subscriptions. */
  listen(options: { port: number; host: string }): Promise<{ url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

/** A call whose token held. */
interface ServedCall<Context> {
  readonly newContext: () => Context;
  readonly answerOf: (result: ExecutionResult) => Answer;
  readonly trace: Trace;
  /** Undefined where nothing is recorded. */
  readonly span: Span | undefined;
}

/** Longer than the router gives an operation. */
const drainMs = 12_000;

export function createSubgraphServer<Context extends SubgraphCall>(definition: SubgraphDefinition<Context>): Subgraph {
  const { name, typeDefs, resolvers, verifier, logger, routes } = definition;
  const buildSchema = () =>
    buildSubgraphSchema({
      typeDefs,
      // The one cast: codegen's resolver types and the library's describe the same map in different words.
      resolvers: { ...scalarsOf(typeDefs), ...resolvers } as GraphQLResolverMap<unknown>,
    });
  const published = buildSchema();
  const sdl = sdlOf(published);
  const schema = enforceAuthorization(published, definition.policies);
  const runTraced = createTracedRun(() => enforceAuthorization(buildSchema(), definition.policies));
  const documents = createDocumentCache(schema);
  const ended = measureSubgraphRequests(name);

  /** Runs `work` for the viewer of the token, with what makes its contexts and its answers. */
  const serve = <Outcome>(
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    work: (call: ServedCall<Context>) => Promise<Outcome>,
  ): Promise<Outcome | Answer> => {
    const asked = traceFromHeaders(headers);
    const span = activeTracer()?.start(name, 'server', asked, { 'mercato.subgraph': name });
    const trace = span?.trace ?? asked;
    return runInTrace(trace, async () => {
      const { requestId } = trace;
      const masking = { logger, requestId };
      try {
        const viewer = await verifier.verify(headers.authorization);
        const newContext = () => definition.context({ viewer, requestId, logger, signal });
        return await work({ newContext, answerOf: (result) => plainAnswer(result, masking), trace, span });
      } catch (error) {
        const asGraphQL =
          error instanceof GraphQLError ? error : new GraphQLError('', { originalError: asError(error) });
        return { errors: [maskError(asGraphQL, masking)] };
      } finally {
        span?.end();
      }
    });
  };

  const answer: Subgraph['answer'] = (request, headers, signal) =>
    serve(headers, signal, async ({ newContext, answerOf, span }) => {
      const startedAt = performance.now();
      const prepared = documents.prepare(request.query);
      const field = firstFieldOf(prepared);
      span?.rename(`${name} ${field}`);
      const answered = wantsTrace(headers)
        ? await runTraced(prepared, request, newContext(), answerOf)
        : answerOf(await run(schema, prepared, request, newContext()));
      if (answered.errors) span?.failed(answered.errors[0]?.extensions?.code ?? 'GraphQLError');
      ended(field, answered.errors ? 'errors' : 'ok', startedAt);
      return answered;
    });

  const subscribeTo: Subgraph['subscribe'] = (request, headers, signal) =>
    serve(headers, signal, ({ newContext, answerOf, trace, span }) => {
      const prepared = documents.prepare(request.query);
      span?.rename(`${name} ${firstFieldOf(prepared)}`);
      return subscribe({ schema, prepared, request, contextValue: newContext, answerOf, trace, signal });
    });

  const subgraph: Subgraph = {
    name,
    schema,
    sdl,
    answer,
    subscribe: subscribeTo,
    routes,
    ready: definition.ready,
    seed: async () => definition.seed?.(),
    startWorker: async () => definition.startWorker?.() ?? { stop: async () => {} },
    async listen({ port, host }) {
      const { server, drain } = await createHttpServer(subgraph, logger);
      await server.listen({ port, host });
      const { port: actual } = server.server.address() as AddressInfo;
      return {
        url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/graphql`,
        close: () => drain.close(drainMs),
      };
    },
    close: definition.close,
  };
  return subgraph;
}

function sdlOf(schema: GraphQLSchema): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  const { sdl } = (data?._service ?? {}) as { sdl?: string };
  if (!sdl) throw new Error('The schema does not say its SDL.');
  return sdl;
}

/** One pass through JSON: the caller owns what it gets, and gets the same as over HTTP. */
function plainAnswer(result: ExecutionResult, masking: Parameters<typeof maskError>[1]): Answer {
  const errors = result.errors?.map((error) => maskError(error, masking));
  return JSON.parse(
    JSON.stringify({
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(errors ? { errors } : {}),
    }),
  );
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
