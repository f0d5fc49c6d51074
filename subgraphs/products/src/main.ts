import { createViewerSigner } from '@mercato/auth';
import { EnvironmentError } from '@mercato/environment';
import { connectQueues, type QueueConnection } from '@mercato/queue';
import { createSubgraphClient, httpTransport } from '@mercato/subgraph-client';
import { runSubgraphProcess } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { readProductsEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

const settings = readProductsEnvironment();
const logger = createLogger({ name: 'products', level: settings.LOG_LEVEL, pretty: settings.LOG_PRETTY });
const queues = await connectQueues(queueConnection(), { logger });
const subgraph = await createSubgraph({
  databaseUrl: settings.DATABASE_URL,
  queues,
  subgraphs: createSubgraphClient({
    transport: httpTransport({ urlOf: (name) => settings.SUBGRAPH_URLS[name] }),
    signer: createViewerSigner('products', settings.SIGNING_KEY),
  }),
  trustedKeys: settings.TRUSTED_KEYS,
  routes: settings.EVENT_ROUTES,
  logger,
  storageDir: settings.STORAGE_DIR,
  mediaPublicUrl: settings.MEDIA_PUBLIC_URL,
  mediaFetchAllow: settings.MEDIA_FETCH_ALLOW,
  currency: settings.SHOP_CURRENCY,
});

await runSubgraphProcess({ subgraph, role: settings.ROLE, port: settings.PORT, host: settings.HOST, logger });

function queueConnection(): QueueConnection {
  if (settings.REDIS_URL) return { kind: 'redis', url: settings.REDIS_URL };
  if (settings.QUEUE_DATABASE_URL) return { kind: 'postgres', url: settings.QUEUE_DATABASE_URL };
  throw new EnvironmentError('Neither REDIS_URL nor QUEUE_DATABASE_URL is set; one of them names the queue server.');
}
