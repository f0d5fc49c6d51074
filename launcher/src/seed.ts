import { createViewerSigner } from '@mercato/auth';
import { connectQueues } from '@mercato/queue';
import { eventRoutes, subgraphs } from '@mercato/schema';
import { createSubgraphClient, inProcessTransport } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import { domainFactories } from './domains.ts';
import type { LaunchOptions } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { keyOf } from './keys.ts';
import type { ThirdPartyAddresses } from './stand-ins.ts';

/** Seeds the domains' databases from this process, for topologies whose subgraphs run in others. */
export async function seedInProcess(
  options: LaunchOptions,
  foundation: Pick<Foundation, 'databaseUrls' | 'queueConnection' | 'keys'>,
  thirdParties: ThirdPartyAddresses,
  logger: Logger,
  signal?: AbortSignal,
): Promise<void> {
  const queues = await connectQueues(foundation.queueConnection, { logger });
  const factories = domainFactories(options, thirdParties);
  try {
    for (const { name } of subgraphs) {
      signal?.throwIfAborted();
      const signer = createViewerSigner(name, keyOf(foundation.keys, name));
      const subgraph = await factories[name]({
        databaseUrl: foundation.databaseUrls[name] ?? '',
        queues,
        subgraphs: createSubgraphClient({ transport: inProcessTransport(() => undefined), signer }),
        trustedKeys: foundation.keys.trusted,
        routes: eventRoutes,
        logger,
      });
      await subgraph.seed();
      await subgraph.close();
    }
  } finally {
    await queues.close();
  }
}
