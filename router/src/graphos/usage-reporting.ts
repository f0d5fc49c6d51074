import { createHash } from 'node:crypto';
import { type ApolloServerPlugin, type GraphQLRequestContext, HeaderMap } from '@apollo/server';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import type { Logger } from '@mercato/telemetry';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, type GraphQLSchema, parse } from 'graphql';
import type { Operation } from '../operations/operation.ts';
import type { GraphosGraph } from '../schema-lifecycle/settings.ts';
import { apolloLogger } from './apollo-logger.ts';
import { SubgraphCalls } from './subgraph-calls.ts';

export interface UsageReportingSettings extends GraphosGraph {
  /** Where reports go, instead of Apollo's. */
  readonly endpointUrl?: string | undefined;
  /** Milliseconds from one report to the next. */
  readonly every?: number;
  /** The share of operations, 0 to 1, of which it is told what each field took; 0.01 unless set, as of Apollo Router. */
  readonly fieldLevelInstrumentation?: number;
  readonly logger: Logger;
}

/** A request as it came in. */
export interface UsedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** How it ended. */
export interface UsageEnd {
  /** Of what was sent; undefined where it was named and is not known. */
  readonly text: string | undefined;
  /** Whether it was named by its hash or id. */
  readonly wasNamed: boolean;
  /** Undefined where the document holds none that is valid. */
  readonly operation: Operation | undefined;
  readonly operationName: string | undefined;
  readonly errors: readonly GraphQLFormattedError[];
}

export interface Usage {
  /** Where its calls to subgraphs are to be noted. */
  readonly calls: SubgraphCalls;
  /** Counted as Apollo Studio shows it: by operation, client, duration and errors. Never its variables, nor headers. */
  end(end: UsageEnd): void;
}

export interface UsageReporting {
  begin(request: UsedRequest): Usage;
  /** Sends what is left. */
  close(): Promise<void>;
}

interface Reported {
  readonly calls: SubgraphCalls;
}

type Context = GraphQLRequestContext<Reported>;

/**
 * Reports to Apollo GraphOS what is asked, with Apollo Server's own plugin; of some operations also what each field took,
 * which costs the subgraphs time.
 * @param schemaOf what clients see now
 */
export async function startUsageReporting(
  schemaOf: () => GraphQLSchema,
  { apiKey, graphRef, endpointUrl, every, fieldLevelInstrumentation: share = 0.01, logger }: UsageReportingSettings,
): Promise<UsageReporting> {
  const plugin: ApolloServerPlugin<Reported> = ApolloServerPluginUsageReporting({
    // Each that is traced stands for the others, too.
    fieldLevelInstrumentation: async ({ contextValue }) => (contextValue.calls.plan ? 1 / share : 0),
    sendVariableValues: { none: true },
    sendHeaders: { none: true },
    sendReportsImmediately: false,
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
    ...(every === undefined ? {} : { reportIntervalMs: every }),
  });
  const keyHash = createHash('sha512').update(apiKey).digest('hex');
  const shared = { logger: apolloLogger(logger), cache: noCache };
  const listening = await plugin.serverWillStart?.({
    ...shared,
    schema: schemaOf(),
    apollo: { key: apiKey, keyHash, graphRef },
    startedInBackground: false,
  });
  const failed = (error: unknown) => logger.warn({ err: error }, 'A request could not be reported to GraphOS');

  return {
    begin(request) {
      const calls = new SubgraphCalls({ areTraced: Math.random() < share });
      const context = { ...shared, ...contextOf(request, schemaOf()), contextValue: { calls } };
      // Its clock starts at once.
      const begun = plugin.requestDidStart?.(context);
      return { calls, end: (end) => void report(begun, context, end).catch(failed) };
    },
    close: async () => listening?.serverWillStop?.(),
  };
}

type Begun = ReturnType<NonNullable<ApolloServerPlugin<Reported>['requestDidStart']>>;

/** Drives the plugin through the stages of a request that is over. */
async function report(begun: Begun | undefined, context: Context, end: UsageEnd): Promise<void> {
  const listener = await begun;
  if (!listener || end.text === undefined) return;
  const { operation, text: source } = end;
  const { calls } = context.contextValue;
  const errors = end.errors.map((error) => reportedError(error, calls));
  Object.assign(context.metrics, requestMetrics(end, calls));
  const resolved = {
    ...context,
    source,
    queryHash: createHash('sha256').update(source).digest('hex'),
    ...(errors.length > 0 ? { errors } : {}),
  };
  await listener.didResolveSource?.(resolved);
  const ended = { ...resolved, response: { ...context.response, body: { kind: 'single', singleResult: {} } as const } };
  const document = operation?.document ?? documentIn(source);
  if (!document) return listener.willSendResponse?.(ended);

  const validated = await listener.validationDidStart?.({ ...resolved, document });
  const isInvalid = end.errors.some(({ extensions }) => extensions?.code === 'GRAPHQL_VALIDATION_FAILED');
  await validated?.(isInvalid && !operation ? errors : undefined);
  if (isInvalid && !operation) return listener.willSendResponse?.({ ...ended, document });

  const found = { document, operationName: operation?.name ?? end.operationName ?? null, ...operationOf(operation) };
  await listener.didResolveOperation?.({ ...resolved, ...found });
  await listener.willSendResponse?.({ ...ended, ...found });
}

const requestMetrics = ({ wasNamed }: UsageEnd, { plan, untracedErrors }: SubgraphCalls): Context['metrics'] => ({
  persistedQueryHit: wasNamed,
  nonFtv1ErrorPaths: [...untracedErrors],
  ...(plan ? { queryPlanTrace: plan } : {}),
});

/** Those of subgraphs the plugin knows by `serviceName`, and counts where their calls tell them. */
function reportedError({ message, path, extensions }: GraphQLFormattedError, calls: SubgraphCalls): GraphQLError {
  const serviceName = extensions?.service;
  const isToldByCalls = typeof serviceName === 'string' && calls.include(serviceName);
  return new GraphQLError(message, { path, extensions: { ...extensions, ...(isToldByCalls ? { serviceName } : {}) } });
}

const operationOf = (operation: Operation | undefined) => (operation ? { operation: operation.definition } : {});

function documentIn(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return undefined;
  }
}

function contextOf(
  { method, headers }: UsedRequest,
  schema: GraphQLSchema,
): Omit<Context, 'logger' | 'cache' | 'contextValue'> {
  const told = new HeaderMap();
  for (const name of clientHeaders) {
    const value = headers[name];
    if (typeof value === 'string') told.set(name, value.slice(0, longestName));
  }
  return {
    request: { http: { method, headers: told, search: '', body: undefined } },
    response: { http: { headers: new HeaderMap() } },
    schema,
    metrics: {},
    overallCachePolicy: { restrict() {}, replace() {}, policyIfCacheable: () => null },
    requestIsBatched: false,
  };
}

const clientHeaders = ['apollographql-client-name', 'apollographql-client-version'];
/** Clients name themselves. */
const longestName = 100;

const noCache = {
  get: async () => undefined,
  set: async () => {},
  delete: async () => false,
};
