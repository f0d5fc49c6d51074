import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createViewerSigner } from '@mercato/auth';
import type { Queues } from '@mercato/queue';
import {
  type ApiKeys,
  authorizationOf,
  authorizationServersOf,
  createIdentity,
  documentSettingsOf,
  issuersOf,
  limitsOf,
  metricsOf,
  type RouterOptions,
} from '@mercato/router';
import { queueNames, subgraphs } from '@mercato/schema';
import type { Logger } from '@mercato/telemetry';
import { type LaunchOptions, publicUrlOf, root } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { keyOf } from './keys.ts';

/** What the router is given in the embedded topology, less the way to its subgraphs. */
export const routerSettings = (
  options: LaunchOptions,
  foundation: Foundation,
  { queues, apiKeys }: { readonly queues: Queues; readonly apiKeys: ApiKeys },
  logger: Logger,
) => {
  const issuers = issuersOf(options.dataDir);
  return {
    supergraphSdl: readFileSync(join(root, 'schema', 'supergraph.graphql'), 'utf8'),
    signer: createViewerSigner('router', keyOf(foundation.keys, 'router')),
    identity: createIdentity(issuers, { apiKeys, logger }),
    authorizationServers: authorizationServersOf(issuers),
    authorization: authorizationOf(),
    ...limitsOf(),
    ...documentSettingsOf(),
    queues,
    queueNames,
    subgraphNames: subgraphs.map(({ name }) => name),
    publicUrl: publicUrlOf(options),
    port: options.port,
    host: options.host,
    corsOrigins: options.corsOrigins,
    introspection: true,
    openDashboard: true,
    metrics: metricsOf(true),
    logger,
  } satisfies Partial<RouterOptions>;
};
