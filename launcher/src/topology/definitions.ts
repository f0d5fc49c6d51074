import { join } from 'node:path';
import { eventRoutes, type SubgraphName, subgraphs } from '@mercato/schema';
import { publicUrlOf } from '../domains.ts';
import type { LaunchOptions } from '../environment.ts';
import type { Foundation } from '../foundation.ts';
import { keyOf } from '../keys.ts';
import type { ThirdParties } from '../stand-ins.ts';
import type { ServiceDefinition } from './service-process.ts';

/** Where each subgraph and the router listen. */
export interface Ports {
  readonly router: number;
  readonly subgraphs: Readonly<Record<SubgraphName, number>>;
}

/** The processes of the supergraph: for each subgraph one that answers and one that works, and the router. */
export function serviceDefinitions(
  options: LaunchOptions,
  foundation: Foundation,
  thirdParties: Pick<ThirdParties, 'hygraph' | 'paymentSandbox'>,
  ports: Ports,
): ServiceDefinition[] {
  const shared = {
    HOST: options.host,
    LOG_LEVEL: options.logLevel,
    LOG_PRETTY: 'true',
    TRUSTED_KEYS: JSON.stringify(foundation.keys.trusted),
    EVENT_ROUTES: JSON.stringify(eventRoutes),
    SUBGRAPH_URLS: JSON.stringify(
      Object.fromEntries(
        Object.entries(ports.subgraphs).map(([name, port]) => [name, `http://${options.host}:${port}/graphql`]),
      ),
    ),
    ...(foundation.queueConnection.kind === 'redis'
      ? { REDIS_URL: foundation.queueConnection.url }
      : { QUEUE_DATABASE_URL: foundation.queueConnection.url }),
  };
  const own = ownSettings(options, thirdParties);

  const services = subgraphs.flatMap(({ name }): ServiceDefinition[] => {
    const environment = {
      ...shared,
      ...own[name],
      SIGNING_KEY: JSON.stringify(keyOf(foundation.keys, name)),
      DATABASE_URL: foundation.databaseUrls[name] ?? '',
      PORT: String(ports.subgraphs[name]),
    };
    const entry = `subgraphs/${name}/src/main.ts`;
    const api = { name, entry, environment: { ...environment, ROLE: 'api' } };
    const worker = { name: `${name}-worker`, entry, environment: { ...environment, ROLE: 'worker' } };
    return foundation.databaseUrls[name] ? [api, worker] : [api];
  });
  const router: ServiceDefinition = {
    name: 'router',
    entry: 'router/src/main.ts',
    environment: {
      ...shared,
      SIGNING_KEY: JSON.stringify(keyOf(foundation.keys, 'router')),
      PORT: String(ports.router),
      MERCATO_DATA_DIR: options.dataDir,
      PUBLIC_URL: publicUrlOf(options),
    },
  };
  return [...services, router];
}

function ownSettings(
  options: LaunchOptions,
  { hygraph, paymentSandbox }: Pick<ThirdParties, 'hygraph' | 'paymentSandbox'>,
): Partial<Record<SubgraphName, Record<string, string>>> {
  return {
    products: { STORAGE_DIR: join(options.dataDir, 'products'), MEDIA_PUBLIC_URL: publicUrlOf(options) },
    checkout: { PAYMENT_SANDBOX_URL: paymentSandbox.url, PAYMENT_SANDBOX_API_KEY: paymentSandbox.apiKey },
    content: { HYGRAPH_ENDPOINT: hygraph.endpoint, HYGRAPH_TOKEN: hygraph.token ?? '' },
  };
}
