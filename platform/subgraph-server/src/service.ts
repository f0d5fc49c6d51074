import { createViewerSigner, privateKeySchema, trustedKeysSchema } from '@mercato/auth';
import { EnvironmentError, json, port, postgresUrl, type readEnvironment, redisUrl } from '@mercato/environment';
import { connectQueues, type QueueConnection } from '@mercato/queue';
import { createSubgraphClient, httpTransport } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { z } from 'zod';
import type { SubgraphDependencies } from './dependencies.ts';
import { runSubgraphProcess } from './process.ts';
import type { Subgraph } from './subgraph.ts';

/** What every service reads from its environment when it runs as a process of its own; each adds its own to it. */
export const statelessServiceVariables = {
  SUBGRAPH_URLS: json(z.record(z.string(), z.url()))
    .default({})
    .describe('JSON such as {"inventory":"http://inventory:4002/graphql"}'),
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
  REDIS_URL: redisUrl().optional(),
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
    const transport = httpTransport({ urlOf: (subgraph) => environment.SUBGRAPH_URLS[subgraph] });
    const subgraphs = createSubgraphClient({ transport, signer: createViewerSigner(name, environment.SIGNING_KEY) });
    const subgraph = await create({ subgraphs, trustedKeys: environment.TRUSTED_KEYS, logger }, environment);
    const closing = {
      ...subgraph,
      close: async () => {
        await subgraph.close();
        await transport.close();
      },
    };
    const { ROLE: role, PORT: port, HEALTH_PORT: healthPort, HOST: host } = environment;
    await runSubgraphProcess({ subgraph: closing, role, port, host, healthPort, logger });
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
