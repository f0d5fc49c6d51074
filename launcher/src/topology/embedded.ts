import { createViewerSigner } from '@mercato/auth';
import { connectQueues } from '@mercato/queue';
import { createRouter } from '@mercato/router';
import { eventRoutes, type SubgraphName, subgraphs } from '@mercato/schema';
import { createSubgraphClient, inProcessTransport } from '@mercato/subgraph-client';
import type { Subgraph } from '@mercato/subgraph-server';
import { createLogger, type Logger } from '@mercato/telemetry';
import { domainFactories } from '../domains.ts';
import type { LaunchOptions } from '../environment.ts';
import type { Foundation } from '../foundation.ts';
import { keyOf } from '../keys.ts';
import { routerSettings } from '../router-settings.ts';
import type { ThirdParties } from '../stand-ins.ts';
import type { RunningTopology } from './running-topology.ts';

/** Everything in this process: subgraphs, workers and router, called without HTTP in between. */
export async function runEmbedded(
  options: LaunchOptions,
  foundation: Foundation,
  thirdParties: ThirdParties,
  logger: Logger,
): Promise<RunningTopology> {
  const queues = await connectQueues(foundation.queueConnection, { logger });
  const running = new Map<string, Subgraph>();
  const transport = inProcessTransport((name) => running.get(name));
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
  };
  await Promise.all(subgraphs.map(({ name }) => create(name)));
  const workers = await Promise.all([...running.values()].map((subgraph) => subgraph.startWorker()));
  const router = await createRouter({
    ...routerSettings(options, foundation, queues, logger),
    transport,
    mounted: Object.fromEntries([...running].map(([name, { routes }]) => [name, routes])),
    readyOf: async (name) => {
      await running.get(name)?.ready();
    },
  });

  return {
    url: router.url,
    async seed() {
      for (const { name } of subgraphs) await running.get(name)?.seed();
    },
    async stop() {
      await router.close();
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all([...running.values()].map((subgraph) => subgraph.close()));
      await queues.close();
    },
  };
}
