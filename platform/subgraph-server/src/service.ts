import { createViewerSigner, privateKeySchema, trustedKeysSchema } from '@mercato/auth';
import {
  EnvironmentError,
  httpUrl,
  json,
  port,
  postgresUrl,
  type readEnvironment,
  redisUrl,
} from '@mercato/environment';
import { connectQueues, type QueueConnection } from '@mercato/queue';
import { connectSubgraphs, dnsServers, registryUrl, subgraphUrls } from '@mercato/registry';
import { createSubgraphClient } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { startTracing, tracingSettings } from '@mercato/telemetry/tracing';
import { z } from 'zod';
import type { SubgraphDependencies } from './dependencies.ts';
import { runSubgraphProcess } from './process.ts';
import type { Subgraph } from './subgraph.ts';

/** What every service reads from its environment when it runs as a process of its own; each adds its own to it. */
export const statelessServiceVariables = {
  SUBGRAPH_URLS: subgraphUrls().default({}),
  DNS_SERVERS: dnsServers().optional(),
  REDIS_URL: redisUrl().optional(),
  REGISTRY_URL: registryUrl().optional(),
  ADVERTISE_URL: z
    .union([z.literal('auto'), httpUrl()])
    .optional()
    .describe('how others reach this process, such as http://10.1.2.3:4002, or auto for the address of its machine'),
  DRAIN_MS: z.coerce.number().int().min(0).optional().describe('a whole number of milliseconds'),
  TRUSTED_KEYS: json(trustedKeysSchema).describe('JSON: the public key of each caller, by its name'),
  SIGNING_KEY: json(privateKeySchema).describe("JSON: this service's own Ed25519 key as a JWK"),
  PORT: port().default(0),
  HEALTH_PORT: port().optional().describe('where a worker answers /health/ready'),
  HOST: z.string().default('127.0.0.1'),
  ROLE: z.enum(['api', 'worker', 'all']).default('all'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_PRETTY: z.stringbool().default(false),
};

/** The same for a service with a database and queues. */
export const serviceVariables = {
  ...statelessServiceVariables,
  DATABASE_URL: postgresUrl(),
  QUEUE_DATABASE_URL: postgresUrl().optional(),
  EVENT_ROUTES: json(z.record(z.string(), z.array(z.string())))
    .default({})
    .describe('JSON such as {"order.placed":["cart","shipping"]}'),
};

type StatelessEnvironment = ReturnType<typeof readEnvironment<typeof statelessServiceVariables>>;
type ServiceEnvironment = ReturnType<typeof readEnvironment<typeof serviceVariables>>;
type StatelessDependencies = Pick<SubgraphDependencies, 'subgraphs' | 'trustedKeys' | 'logger'>;

/**
 * Reads the environment with `read`, makes a subgraph without database and queues, and runs it; a wrong setting ends the
 * process with a sentence.
 */
export async function runStatelessService<Environment extends StatelessEnvironment>(
  name: string,
  read: () => Environment,
  create: (dependencies: StatelessDependencies, environment: Environment) => Promise<Subgraph>,
): Promise<void> {
  try {
    const environment = read();
    const logger = createLogger({ name, level: environment.LOG_LEVEL, pretty: environment.LOG_PRETTY });
    const service = environment.ROLE === 'worker' ? `mercato-${name}-worker` : `mercato-${name}`;
    const tracing = await startTracing(service, tracingSettings());
    const { registry, transport, close } = await connectSubgraphs({
      urls: environment.SUBGRAPH_URLS,
      registryUrl: environment.REGISTRY_URL ?? environment.REDIS_URL,
      dnsServers: environment.DNS_SERVERS,
      logger,
    });
    const subgraphs = createSubgraphClient({ transport, signer: createViewerSigner(name, environment.SIGNING_KEY) });
    const subgraph = await create({ subgraphs, trustedKeys: environment.TRUSTED_KEYS, logger }, environment);
    const closing = {
      ...subgraph,
      close: async () => {
        await subgraph.close();
        await close();
        await tracing?.stop();
      },
    };
    const { PORT: port, HEALTH_PORT: healthPort, HOST: host, ADVERTISE_URL: url } = environment;
    const advertising = registry && { registry, url };
    const drainMs = environment.DRAIN_MS ?? (registry ? 1_000 : 0);
    await runSubgraphProcess({
      subgraph: closing,
      role: environment.ROLE,
      port,
      host,
      healthPort,
      advertising,
      drainMs,
      logger,
    });
  } catch (error) {
    console.error(error instanceof EnvironmentError ? `${name}: ${error.message}` : error);
    process.exit(1);
  }
}

/** The same for a subgraph with a database and queues. */
export const runService = <Environment extends ServiceEnvironment>(
  name: string,
  read: () => Environment,
  create: (dependencies: SubgraphDependencies, environment: Environment) => Promise<Subgraph>,
): Promise<void> =>
  runStatelessService(name, read, async (dependencies, environment) => {
    const queues = await connectQueues(queueConnection(environment), { logger: dependencies.logger });
    const { DATABASE_URL: databaseUrl, EVENT_ROUTES: routes } = environment;
    const subgraph = await create({ ...dependencies, databaseUrl, queues, routes }, environment);
    return {
      ...subgraph,
      close: async () => {
        await subgraph.close();
        await queues.close();
      },
    };
  });

function queueConnection({ REDIS_URL, QUEUE_DATABASE_URL }: ServiceEnvironment): QueueConnection {
  if (REDIS_URL) return { kind: 'redis', url: REDIS_URL };
  if (QUEUE_DATABASE_URL) return { kind: 'postgres', url: QUEUE_DATABASE_URL };
  throw new EnvironmentError('Neither REDIS_URL nor QUEUE_DATABASE_URL is set; one of them names the queue server.');
}
