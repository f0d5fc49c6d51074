import { createViewerSigner } from '@mercato/auth';
import { createContentServer } from '@mercato/content-server';
import { createPaymentSandbox } from '@mercato/payment-sandbox';
import { connectQueues } from '@mercato/queue';
import { connectEntityCache, createRouter, entityCacheSize, openApiKeys } from '@mercato/router';
import { eventRoutes, type SubgraphName, subgraphs } from '@mercato/schema';
import { createSubgraphClient, inProcessTransport } from '@mercato/subgraph-client';
import type { Subgraph } from '@mercato/subgraph-server';
import { createLogger, type Logger } from '@mercato/telemetry';
import { startTracing, tracingSettings } from '@mercato/telemetry/tracing';
import { domainFactories } from '../domains.ts';
import type { LaunchOptions } from '../environment.ts';
import type { Foundation } from '../foundation.ts';
import { keyOf } from '../keys.ts';
import { connectRouterSchema, routerSettings } from '../router-settings.ts';
import { neededStandIns, type StandIns, thirdPartyAddresses } from '../stand-ins.ts';
import { choosePorts } from './ports.ts';
import type { RunningTopology } from './running-topology.ts';

/** Everything in this process: subgraphs, workers and router, called without HTTP in between. */
export async function runEmbedded(
  wanted: LaunchOptions,
  foundation: Foundation,
  logger: Logger,
): Promise<RunningTopology> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const tracing = await startTracing('mercato', tracingSettings());
    undo.push(async () => tracing?.stop());
    const ports = await choosePorts(wanted);
    const options = { ...wanted, port: ports.router };
    const standIns = neededStandIns(options, ports.standIns);
    undo.push(await startStandIns(options, standIns));
    const queues = await connectQueues(foundation.queueConnection, { logger });
    undo.push(() => queues.close());

    const running = new Map<string, Subgraph>();
    const transport = inProcessTransport((name) => running.get(name));
    const thirdParties = thirdPartyAddresses(options, standIns);
    const factories = domainFactories(options, thirdParties);
    const create = async (name: SubgraphName): Promise<void> => {
      const signer = createViewerSigner(name, keyOf(foundation.keys, name));
      const subgraph = await factories[name]({
        databaseUrl: foundation.databaseUrls[name] ?? '',
        queues,
        subgraphs: createSubgraphClient({ transport, signer }),
        trustedKeys: foundation.keys.trusted,
        routes: eventRoutes,
        logger: createLogger({ name, level: options.logLevel, pretty: true }),
      });
      running.set(name, subgraph);
      undo.push(() => subgraph.close());
    };
    for (const { name } of subgraphs) await create(name);
    const workers = await Promise.all([...running.values()].map((subgraph) => subgraph.startWorker()));
    undo.push(async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    });
    const apiKeys = openApiKeys({ databaseUrl: foundation.databaseUrls.router ?? '', logger });
    undo.push(() => apiKeys.close());
    const cacheSize = entityCacheSize(options.router?.entityCache);
    const entityCache = connectEntityCache(cacheSize, foundation.queueConnection, logger);
    undo.push(async () => entityCache?.close());
    const settings = routerSettings(options, foundation, { queues, apiKeys }, logger);
    const router = await createRouter({
      ...settings,
      ...(await connectRouterSchema(logger)),
      transport,
      entityCache,
      mounted: Object.fromEntries([...running].map(([name, { routes }]) => [name, routes])),
      readyOf: async (name) => {
        await running.get(name)?.ready();
      },
    });
    undo.push(() => router.close());

    return {
      url: router.url,
      services: new Map(),
      thirdParties,
      async seed(signal) {
        for (const { name } of subgraphs) {
          signal?.throwIfAborted();
          await running.get(name)?.seed();
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns what stops them */
async function startStandIns(options: LaunchOptions, { content, payments }: StandIns): Promise<() => Promise<void>> {
  const { host, logLevel: level } = options;
  const servers = await Promise.all([
    content &&
      createContentServer({ host, ...content, logger: createLogger({ name: 'content-server', level, pretty: true }) }),
    payments &&
      createPaymentSandbox({
        host,
        ...payments,
        logger: createLogger({ name: 'payment-sandbox', level, pretty: true }),
      }),
  ]);
  return async () => {
    await Promise.all(servers.map((server) => server?.close()));
  };
}
