import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventRoutes, type SubgraphName, subgraphs } from '@mercato/schema';
import { type LaunchOptions, publicUrlOf } from '../environment.ts';
import type { Foundation } from '../foundation.ts';
import { keyOf } from '../keys.ts';
import { instancesFolder } from '../running-system.ts';
import { orderTokenKeysOf } from '../secrets.ts';
import type { StandIns, ThirdPartyAddresses } from '../stand-ins.ts';
import type { Ports } from './ports.ts';
import type { ServiceDefinition } from './service-process.ts';

/** On one machine callers learn within milliseconds that an instance is about to end. */
const drainMs = 300;

/** How the processes of this machine reach each other. */
export function reachedAt(host: string, port: number | string): string {
  const address = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/**
 * Where instances announce themselves: in the Redis of this data folder, else in a folder of it. A Redis of the user's own
 * may hold the instances of other systems.
 */
const registryUrlOf = ({ dataDir, redisUrl }: LaunchOptions, { queueConnection }: Foundation): string =>
  queueConnection.kind === 'redis' && redisUrl === undefined
    ? queueConnection.url
    : pathToFileURL(instancesFolder(dataDir)).href;

/** The processes of the supergraph: for each subgraph one that answers and one that works, and the router. */
export function serviceDefinitions(
  options: LaunchOptions,
  foundation: Foundation,
  thirdParties: ThirdPartyAddresses,
  ports: Ports,
): ServiceDefinition[] {
  const shared = {
    ...logging(options),
    HOST: options.host,
    TRUSTED_KEYS: JSON.stringify(foundation.keys.trusted),
    EVENT_ROUTES: JSON.stringify(eventRoutes),
    SUBGRAPH_URLS: JSON.stringify(
      Object.fromEntries(
        Object.entries(ports.subgraphs).map(([name, port]) => [name, `${reachedAt(options.host, port)}/graphql`]),
      ),
    ),
    REGISTRY_URL: registryUrlOf(options, foundation),
    DRAIN_MS: String(drainMs),
    ...(foundation.queueConnection.kind === 'redis'
      ? { REDIS_URL: foundation.queueConnection.url }
      : { QUEUE_DATABASE_URL: foundation.queueConnection.url }),
  };
  const own = ownSettings(options, thirdParties);

  const services = subgraphs.flatMap(({ name }): ServiceDefinition[] => {
    const environment = {
      ...shared,
      ...own[name],
      ...(foundation.databaseUrls[name] ? { DATABASE_URL: foundation.databaseUrls[name] } : {}),
      SIGNING_KEY: JSON.stringify(keyOf(foundation.keys, name)),
      PORT: String(ports.subgraphs[name]),
      ADVERTISE_URL: reachedAt(options.host, ports.subgraphs[name]),
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
      DATABASE_URL: foundation.databaseUrls.router ?? '',
      SIGNING_KEY: JSON.stringify(keyOf(foundation.keys, 'router')),
      PORT: String(ports.router),
      MERCATO_DATA_DIR: options.dataDir,
      PUBLIC_URL: publicUrlOf(options),
      CORS_ORIGINS: (options.corsOrigins ?? []).join(','),
      ...(options.router?.entityCache ? { ENTITY_CACHE: options.router.entityCache } : {}),
    },
  };
  return [...services, router];
}

/** The third parties' stand-ins: no part of the supergraph, and so processes of their own. */
export function standInDefinitions(options: LaunchOptions, { content, payments }: StandIns): ServiceDefinition[] {
  const contentServer = content && {
    name: 'content-server',
    entry: 'content-server/src/main.ts',
    environment: {
      ...logging(options),
      CONTENT_SERVER_HOST: options.host,
      CONTENT_SERVER_PORT: String(content.port),
    },
  };
  const paymentSandbox = payments && {
    name: 'payment-sandbox',
    entry: 'payment-sandbox/src/main.ts',
    environment: {
      ...logging(options),
      PAYMENT_SANDBOX_HOST: options.host,
      PAYMENT_SANDBOX_PORT: String(payments.port),
      PAYMENT_SANDBOX_API_KEY: payments.apiKey,
      PAYMENT_SANDBOX_DATA_FILE: payments.dataFile,
    },
  };
  return [contentServer, paymentSandbox].filter((definition) => definition !== undefined);
}

const inventorySettings = ({ inventory = {} }: LaunchOptions) =>
  whatIsSet({
    HOLD_SWEEP_MS: inventory.holdSweepMs,
    RECONCILIATION_EVERY_MS: inventory.reconciliationEveryMs,
    RECONCILIATION_GRACE_MS: inventory.reconciliationGraceMs,
  });

const checkoutSettings = ({ checkout = {} }: LaunchOptions) =>
  whatIsSet({ PLACEMENT_LEASE_MS: checkout.leaseMs, PLACEMENT_SWEEP_MS: checkout.sweepEveryMs });

const whatIsSet = (settings: Record<string, number | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const logging = ({ logLevel }: LaunchOptions) => ({ LOG_LEVEL: logLevel, LOG_PRETTY: 'true' });

function ownSettings(
  options: LaunchOptions,
  { hygraph, paymentSandbox }: ThirdPartyAddresses,
): Partial<Record<SubgraphName, Record<string, string>>> {
  return {
    products: { STORAGE_DIR: join(options.dataDir, 'products'), MEDIA_PUBLIC_URL: publicUrlOf(options) },
    inventory: inventorySettings(options),
    checkout: {
      ...checkoutSettings(options),
      PAYMENT_SANDBOX_URL: paymentSandbox.url,
      PAYMENT_SANDBOX_API_KEY: paymentSandbox.apiKey,
      ORDER_TOKEN_KEYS: JSON.stringify(orderTokenKeysOf(options)),
    },
    content: {
      HYGRAPH_ENDPOINT: hygraph.endpoint,
      ...(hygraph.token === undefined ? {} : { HYGRAPH_TOKEN: hygraph.token }),
    },
  };
}
