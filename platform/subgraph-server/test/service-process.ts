import { env } from 'node:process';
import { createViewerVerifier } from '@mercato/auth';
import { connectRegistry } from '@mercato/registry';
import { createLogger } from '@mercato/telemetry';
import { parse } from 'graphql';
import { createSubgraphServer, runSubgraphProcess } from '../src/index.ts';

// A subgraph as a process of its own, for tests of how processes come and go.
const { NAME = '', REGISTRY = '', TRUSTED = '{}' } = env;
const logger = createLogger({ name: NAME, level: 'silent' });
const slowly = (value: unknown) => new Promise((resolve) => setTimeout(resolve, 20, value));

await runSubgraphProcess({
  subgraph: createSubgraphServer({
    name: 'inventory',
    typeDefs: parse('type Query { who: String } type Mutation { change: String }'),
    resolvers: { Query: { who: () => slowly(NAME) }, Mutation: { change: () => slowly(NAME) } },
    verifier: createViewerVerifier('inventory', JSON.parse(TRUSTED)),
    logger,
    context: (call) => call,
    ready: async () => {},
    close: async () => {},
  }),
  role: 'api',
  port: 0,
  host: '127.0.0.1',
  advertising: { registry: connectRegistry(REGISTRY, { logger }) },
  drainMs: 300,
  logger,
});
