import type { AddressInfo } from 'node:net';
import { drainOf } from '@mercato/drain';
import { SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Logger, Trace } from '@mercato/telemetry';
import { activeTracer } from '@mercato/telemetry/tracing';
import { type FastifyInstance, fastify } from 'fastify';
import { useAgents } from './agents/useAgents.ts';
import { defaultAuthorization } from './authorization/settings.ts';
import { cachedFetch } from './caching/entity-cache/cached-fetch.ts';
import { EntityCache, type EntityCacheSnapshot } from './caching/entity-cache/entity-cache.ts';
import type { UsageReporting } from './graphos/usage-reporting.ts';
import { originsOf } from './http/origins.ts';
import { Admission } from './limits/admission.ts';
import { createLimits } from './limits/document-limits.ts';
import { NewDocuments } from './limits/new-documents.ts';
import { RateLimiter } from './limits/rate/rate-limiter.ts';
import { tellOfProxies, trustProxy } from './limits/trust-proxy.ts';
import { createMetrics } from './observability/router-metrics.ts';
import { tracedFetch } from './observability/traced-fetch.ts';
import { defaultLimits, defaultTimeouts, type RouterOptions } from './options.ts';
import { useCors } from './plugins/useCors.ts';

import { useErrorAnswers } from './plugins/useErrorAnswers.ts';
import { explorerPath, useExplorer } from './plugins/useExplorer.ts';
import { useGraphQL } from './plugins/useGraphQL.ts';
import { useHealth } from './plugins/useHealth.ts';
import { usePassThrough } from './plugins/usePassThrough.ts';
import { useQueueDashboard } from './plugins/useQueueDashboard.ts';
import { useSubgraphRoutes } from './plugins/useSubgraphRoutes.ts';
import { useTrace } from './plugins/useTrace.ts';
import { ServedSchema } from './schema-lifecycle/served-schema.ts';
import { createFetchSubgraph } from './subgraphs/fetch-subgraph.ts';
import { readyByQuery } from './subgraphs/readiness.ts';
import { SharedReads } from './subgraphs/shared-reads.ts';
import { useSubscriptions } from './subscriptions/useSubscriptions.ts';
import { PersistedQueries } from './trusted-documents/persisted-queries.ts';
import { DocumentResolver } from './trusted-documents/resolve-document.ts';
import { TrustedDocuments } from './trusted-documents/trusted-documents.ts';

export interface Router {
  /**
   * Base address: GraphQL is at `/graphql`, its contracts at `/<name>/graphql`, the explorer at `/graphiql`, queues at
   * `/queues`, health at `/health/ready`.
   */
  readonly url: string;
  readonly server: FastifyInstance;
  /** Where metrics are told to whoever asks; undefined where there is no such port. */
  readonly metricsUrl: string | undefined;
  /** What became of reads from subgraphs whose answers may be kept; undefined where none are. */
  entityCache(): EntityCacheSnapshot | undefined;
  /** Takes nothing new, and answers what it has taken. */
  close(): Promise<void>;
}

/** Starts the one door to all subgraphs. It serves whatever can be served, whichever of them are up. */
export async function createRouter(options: RouterOptions): Promise<Router> {
  const opened: (() => unknown)[] = [async () => options.schemaSource?.close()];
  try {
    return await startRouter(options, (close) => opened.push(close));
  } catch (error) {
    for (const close of opened.reverse()) {
      try {
        await close();
      } catch (problem) {
        options.logger.error({ err: problem }, 'Not all that was opened for the start could be closed');
      }
    }
    throw error;
  }
}

/** @param opened is told how to close what has been opened, should the start fail */
async function startRouter(options: RouterOptions, opened: (close: () => unknown) => void): Promise<Router> {
  const { identity, signer, logger, introspection, host } = options;
  const metrics = options.metrics && createMetrics();
  const transport = metrics?.transport(options.transport) ?? options.transport;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const limits = { ...defaultLimits, ...options.limits };
  const explorer = options.explorer ?? introspection;

  const server = fastify({
    logger: false,
    bodyLimit: limits.body,
    forceCloseConnections: 'idle',
    trustProxy: trustProxy(options.trustProxy),
    // Of two Authorization headers Node would take the first, and a proxy before us may have looked at the second.
    http: { joinDuplicateHeaders: true },
  });
  const drain = drainOf(server);
  opened(() => server.close());
  if (!options.trustProxy) tellOfProxies(server.server, logger);
  useTrace(server);
  useErrorAnswers(server, { logger, bodyLimit: limits.body });
  const origins = originsOf(options.corsOrigins ?? []);
  await useCors(server, { origins });
  if (explorer) await useExplorer(server);
  if (options.queues) {
    const { queues, queueNames = [], openDashboard = false } = options;
    await useQueueDashboard(server, { queues, queueNames, identity, open: openDashboard });
  }
  if (options.mounted) await useSubgraphRoutes(server, { mounted: options.mounted, identity, signer });
  if (options.passThrough && options.baseUrlOf) {
    const { passThrough: paths, baseUrlOf } = options;
    await usePassThrough(server, { paths, baseUrlOf, identity, signer, logger });
  }
  const checks = createLimits(limits);
  const trusted = new TrustedDocuments(options.trustedDocuments ?? {}, { logger });
  opened(() => trusted.close());
  const schema = await ServedSchema.start(options.supergraphSdl, {
    contracts: options.contracts,
    planning: options.planning,
    introspection,
    limits: checks,
    counts: metrics?.documents,
    trustedTexts: () => trusted.texts,
    logger,
  });
  opened(() => schema.close());
  useHealth(server, {
    subgraphNames: () => options.subgraphNames ?? schema.subgraphNames,
    schemaState: () => schema.state,
    readyOf: options.readyOf ?? readyByQuery(transport, signer),
  });
  const persisted = new PersistedQueries({ logger, shared: options.sharedTexts });
  const rates = new RateLimiter({ ...options.rateLimits, shared: options.sharedAccounts });
  opened(() => rates.close());
  const failed = (error: unknown, subgraph: string, trace: Trace) =>
    reportFailure(error, { subgraph, ...trace }, logger);
  const sharedReads = new SharedReads({ joinWithinMs: timeouts.subgraph / 2 });
  const fetching = createFetchSubgraph({ transport, signer, timeouts, sharedReads, failed });
  const tracer = activeTracer();
  const fetchSubgraph = tracer ? tracedFetch(fetching, tracer) : fetching;
  // A read that left before a change is not joined by who comes after it.
  const entityCache = options.entityCache && new EntityCache(options.entityCache, () => sharedReads.forget());
  const usage = options.usageReporting && (await reportUsage(options.usageReporting, schema, logger));
  opened(() => usage?.close());
  const answering = {
    limits: checks,
    introspection,
    admission: new Admission(limits, rates, new NewDocuments(options.rateLimits?.newDocuments)),
    resolver: new DocumentResolver({ trusted, persisted, logger }),
    authorization: { ...defaultAuthorization, ...options.authorization },
    fetchSubgraph: entityCache ? cachedFetch(fetchSubgraph, entityCache) : fetchSubgraph,
    observer: metrics?.operations(trusted),
    usage,
  };
  const live = useSubscriptions(server, {
    transport,
    signer,
    timeouts,
    failed,
    logger,
    settings: options.subscriptions,
    origins,
    publicUrl: options.publicUrl,
    trustProxy: options.trustProxy,
  });
  opened(() => live.close());
  const metricsListener = await metrics?.serve(server, options, {
    transport: options.transport,
    schema,
    persisted,
    live,
    entityCache: entityCache && (() => entityCache.snapshot()),
  });
  opened(() => metricsListener?.close());

  for (const [path, documents] of schema.documents) {
    const endpoint = {
      answering: { ...answering, documents },
      identity,
      operationTimeoutMs: timeouts.operation,
      forwardHeaders: options.forwardHeaders ?? ['accept-language'],
    };
    live.serve(path, endpoint);
    useGraphQL(server, {
      ...endpoint,
      path,
      live,
      explorerPath: explorer && path === '/graphql' ? explorerPath : undefined,
      logger,
    });
    if (path === '/graphql' && options.agentTools?.length) {
      useAgents(server, {
        ...endpoint,
        tools: options.agentTools,
        origins,
        publicUrl: options.publicUrl,
        authorizationServers: options.authorizationServers ?? [],
        logger,
      });
    }
  }
  await server.listen({ port: options.port, host });
  options.schemaSource?.start(schema);
  const { port } = server.server.address() as AddressInfo;
  return {
    url: options.publicUrl?.replace(/\/+$/, '') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    server,
    metricsUrl: metricsListener?.url,
    entityCache: () => entityCache?.snapshot(),
    async close() {
      await Promise.all([live.close(), drain.close(timeouts.operation)]);
      rates.close();
      trusted.close();
      await Promise.all([schema.close(), options.schemaSource?.close(), usage?.close(), metricsListener?.close()]);
    },
  };
}

/** Loaded where it is wanted: with all that Apollo Server brings. */
async function reportUsage(
  settings: NonNullable<RouterOptions['usageReporting']>,
  schema: ServedSchema,
  logger: Logger,
): Promise<UsageReporting> {
  const { startUsageReporting } = await import('./graphos/usage-reporting.ts');
  return startUsageReporting(() => schema.apiSchema, { ...settings, logger });
}

function reportFailure(error: unknown, where: Trace & { subgraph: string }, logger: Logger): void {
  if (!(error instanceof SubgraphUnavailableError)) logger.error({ err: error, ...where }, 'Asking a subgraph failed');
  // A client that went away is no fault of anyone's.
  else if (error.reason !== 'aborted') logger.warn({ err: error, ...where }, 'A subgraph gave no answer');
}
