import { fileURLToPath } from 'node:url';
import { createViewerSigner } from '@mercato/auth';
import { EnvironmentError } from '@mercato/environment';
import { connectQueues, type Queues } from '@mercato/queue';
import { connectSubgraphs } from '@mercato/registry';
import { queueNames } from '@mercato/schema';
import { createLogger, type Logger } from '@mercato/telemetry';
import { startTracing, tracingSettings } from '@mercato/telemetry/tracing';
import { connectEntityCache } from './caching/entity-cache/settings.ts';
import {
  authorizationOf,
  documentSettingsOf,
  limitsOf,
  metricsOf,
  type RouterEnvironment,
  readRouterEnvironment,
  schemaSettingsOf,
} from './environment.ts';
import { type ApiKeys, openApiKeys } from './identity/api-keys/api-keys.ts';
import { createIdentity } from './identity/identity.ts';
import { authorizationServersOf, trustedIssuers } from './identity/settings.ts';
import { redisAccounts } from './limits/rate/shared-accounts.ts';
import { createRouter } from './router.ts';
import { connectSchema } from './schema-lifecycle/connect-schema.ts';
import { RouterSetupError } from './setup-error.ts';
import { readyByHealth } from './subgraphs/readiness.ts';
import { redisTexts } from './trusted-documents/redis-texts.ts';

const committedSupergraph = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));

async function main(): Promise<void> {
  const environment = readRouterEnvironment();
  const logger = createLogger({ name: 'router', level: environment.LOG_LEVEL, pretty: environment.LOG_PRETTY });
  const tracing = await startTracing('mercato-router', tracingSettings());
  const subgraphs = await connectSubgraphs({
    urls: environment.SUBGRAPH_URLS,
    registryUrl: environment.REGISTRY_URL ?? environment.REDIS_URL,
    dnsServers: environment.DNS_SERVERS,
    logger,
  });
  const { transport } = subgraphs;
  const baseUrlOf = (name: string) => transport.originOf(name);
  const queues = await queuesOf(environment, logger);
  const apiKeys = apiKeysOf(environment, logger);
  const sharedTexts = environment.REDIS_URL ? redisTexts(environment.REDIS_URL) : undefined;
  const sharedAccounts = environment.REDIS_URL ? redisAccounts(environment.REDIS_URL, logger) : undefined;
  const { connection, usageReporting } = schemaSettingsOf();
  const { registry } = subgraphs;
  const schema = await connectSchema({ ...connection, registry, committed: committedSupergraph, logger });
  const entityCache = connectEntityCache(environment.ENTITY_CACHE, queueServerOf(environment), logger);
  const issuers = trustedIssuers(environment);
  const router = await createRouter({
    ...schema,
    usageReporting,
    transport,
    signer: createViewerSigner('router', environment.SIGNING_KEY),
    identity: createIdentity(issuers, { apiKeys, logger }),
    authorizationServers: authorizationServersOf(issuers),
    logger,
    port: environment.PORT,
    host: environment.HOST,
    publicUrl: environment.PUBLIC_URL,
    introspection: environment.INTROSPECTION,
    authorization: authorizationOf(),
    ...documentSettingsOf(),
    sharedTexts,
    entityCache,
    ...limitsOf(),
    sharedAccounts,
    corsOrigins: environment.CORS_ORIGINS,
    queues,
    queueNames,
    openDashboard: environment.OPEN_DASHBOARD,
    metrics: metricsOf(environment.MERCATO_DATA_DIR !== undefined),
    readyOf: readyByHealth(baseUrlOf),
    passThrough: { '/uploads': 'products', '/media': 'products' },
    baseUrlOf,
  });
  logger.info({ url: router.url }, 'Ready');
  process.send?.({ kind: 'ready', url: router.url });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    try {
      await router.close();
      await subgraphs.close();
      await queues?.close();
      await apiKeys?.close();
      await entityCache?.close();
      sharedTexts?.close();
      sharedAccounts?.close();
      await tracing?.stop();
    } catch (error) {
      logger.error({ err: error }, 'Stopping went wrong');
      process.exitCode = 1;
    }
    process.exit();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // The launcher is gone: nobody else would stop this process.
  process.once('disconnect', stop);
  if (process.send && !process.connected) await stop();
}

function queueServerOf({ REDIS_URL: redis, QUEUE_DATABASE_URL: postgres }: RouterEnvironment) {
  if (redis) return { kind: 'redis', url: redis } as const;
  return postgres ? ({ kind: 'postgres', url: postgres } as const) : undefined;
}

/** The dashboard is not worth a router that does not start: without its queues there is none. */
async function queuesOf(environment: RouterEnvironment, logger: Logger): Promise<Queues | undefined> {
  const server = queueServerOf(environment);
  if (!server) return undefined;
  try {
    return await connectQueues(server, { logger });
  } catch (error) {
    logger.warn({ err: error }, 'No queue dashboard: the queues cannot be reached');
    return undefined;
  }
}

/** Without a database of its own the router takes no API keys. */
function apiKeysOf({ DATABASE_URL }: RouterEnvironment, logger: Logger): ApiKeys | undefined {
  if (DATABASE_URL) return openApiKeys({ databaseUrl: DATABASE_URL, logger });
  logger.info('No API keys: DATABASE_URL is not set');
  return undefined;
}

try {
  await main();
} catch (error) {
  if (error instanceof EnvironmentError || error instanceof RouterSetupError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  throw error;
}
