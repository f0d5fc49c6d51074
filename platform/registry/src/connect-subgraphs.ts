import { type HttpTransport, httpTransport, type PartialBalancing } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { SubgraphUrls } from './configured-instances.ts';
import { connectRegistry } from './connect.ts';
import type { Registry } from './registry.ts';
import { subgraphInstances } from './subgraph-instances.ts';

/** The way to the subgraphs, over HTTP. */
export interface ConnectedSubgraphs {
  readonly transport: HttpTransport;
  /** What tells who serves them, and where a process may announce itself; none where only a list does. */
  readonly registry: Registry | undefined;
  close(): Promise<void>;
}

/** How a process of its own reaches the subgraphs, from what its environment says. */
export async function connectSubgraphs({
  urls,
  registryUrl,
  dnsServers,
  balancing,
  logger,
}: {
  urls: SubgraphUrls;
  registryUrl?: string | undefined;
  dnsServers?: readonly string[] | undefined;
  balancing?: PartialBalancing;
  logger: Logger;
}): Promise<ConnectedSubgraphs> {
  const registry = registryUrl === undefined ? undefined : connectRegistry(registryUrl, { logger });
  const instances = await subgraphInstances({ urls, registry, dns: { servers: dnsServers }, logger });
  const transport = httpTransport({ instances, ...(balancing ? { balancing } : {}) });
  return {
    transport,
    registry,
    async close() {
      await transport.close();
      await instances.close();
      await registry?.close();
    },
  };
}
