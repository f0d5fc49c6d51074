import { join } from 'node:path';
import { createViewerSigner } from '@mercato/auth';
import type { Queues } from '@mercato/queue';
import {
  type ApiKeys,
  authorizationOf,
  authorizationServersOf,
  connectSchema,
  createIdentity,
  documentSettingsOf,
  issuersOf,
  limitsOf,
  metricsOf,
  type RouterOptions,
  schemaSettingsOf,
} from '@mercato/router';
import { queueNames, subgraphs } from '@mercato/schema';
import type { Logger } from '@mercato/telemetry';
import { type LaunchOptions, publicUrlOf, root } from './environment.ts';
import type { Foundation } from './foundation.ts';
import { keyOf } from './keys.ts';

/** The router's first schema, where others come from, and whom it reports to: subgraphs in one process publish none. */
export async function connectRouterSchema(logger: Logger) {
  const { connection, usageReporting } = schemaSettingsOf();
  const committed = join(root, 'schema', 'supergraph.graphql');
  return { ...(await connectSchema({ ...connection, registry: undefined, committed, logger })), usageReporting };
}

/** What the router is given in the embedded topology, less its schema and the way to its subgraphs. */
export const routerSettings = (
  options: LaunchOptions,
  foundation: Foundation,
  { queues, apiKeys }: { readonly queues: Queues; readonly apiKeys: ApiKeys },
  logger: Logger,
) => {
  const issuers = issuersOf(options.dataDir);
  return {
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
