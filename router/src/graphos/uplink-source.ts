import { UplinkSupergraphManager } from '@apollo/gateway';
import type { Logger } from '@mercato/telemetry';
import type { SchemaHost, SchemaSource } from '../schema-lifecycle/schema-source.ts';
import type { GraphosGraph } from '../schema-lifecycle/settings.ts';
import { apolloLogger } from './apollo-logger.ts';

export interface UplinkSettings {
  /** Asked instead of Apollo's. */
  readonly urls?: readonly string[] | undefined;
  /** How often Uplink is asked again at the start before the router gives up. */
  readonly attempts?: number;
  readonly logger: Logger;
}

/**
 * The supergraph that Apollo GraphOS composed, asked for as often as Uplink wants it. What breaks documents in use was
 * checked there. While Uplink is away, the last one stays.
 * @throws UplinkFetcherError when it cannot be had at the start
 */
export async function uplinkSource(
  { apiKey, graphRef }: GraphosGraph,
  { urls, attempts, logger }: UplinkSettings,
): Promise<{ readonly supergraphSdl: string; readonly schemaSource: SchemaSource }> {
  let host: SchemaHost | undefined;
  let early: string | undefined;
  const manager = new UplinkSupergraphManager({
    apiKey,
    graphRef,
    logger: apolloLogger(logger),
    ...(urls ? { uplinkEndpoints: [...urls] } : {}),
    ...(attempts === undefined ? {} : { initialMaxRetries: attempts }),
  });
  const { supergraphSdl, cleanup } = await manager.initialize({
    update(next) {
      if (host) void host.offer(next, 'warn');
      else early = next;
    },
    healthCheck: async () => {},
    getDataSource() {
      throw new Error('The router asks subgraphs itself.');
    },
  });
  return {
    supergraphSdl,
    schemaSource: {
      start(given) {
        host = given;
        if (early !== undefined) void host.offer(early, 'warn');
      },
      close: async () => cleanup?.(),
    },
  };
}
