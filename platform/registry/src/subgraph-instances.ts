import type { InstanceSource } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import { configuredInstances, type DnsSettings, type SubgraphUrls } from './configured-instances.ts';
import type { Registry } from './registry.ts';

/**
 * Who serves each subgraph: those that announced themselves; for a subgraph of which none ever did, the configured ones.
 * Closing it leaves the registry to whoever connected it.
 */
export async function subgraphInstances({
  urls,
  registry,
  dns,
  logger,
}: {
  urls: SubgraphUrls;
  registry?: Registry | undefined;
  dns?: DnsSettings;
  logger: Logger;
}): Promise<InstanceSource> {
  const configured = await configuredInstances(urls, { logger, ...(dns ? { dns } : {}) });
  const announced = await registry?.instances();
  if (!announced) return configured;
  return {
    instancesOf(subgraph) {
      const known = announced.instancesOf(subgraph);
      return known.length > 0 ? known : configured.instancesOf(subgraph);
    },
    onChange(listener) {
      const stops = [announced.onChange(listener), configured.onChange(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    async close() {
      await Promise.all([announced.close(), configured.close()]);
    },
  };
}
