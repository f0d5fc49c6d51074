import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { LiveFeed } from '@mercato/live';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { gql } from 'graphql-tag';
import type { CartContext } from './context.ts';
import { askInventory } from './domain/availability.ts';
import { connectDatabase } from './domain/database.ts';
import { startWorker } from './jobs/worker.ts';
import { resolvers } from './resolvers/index.ts';

const typeDefs = gql(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));

export async function createSubgraph(dependencies: SubgraphDependencies): Promise<Subgraph> {
  const { databaseUrl, logger, queues, subgraphs, trustedKeys } = dependencies;
  const db = connectDatabase(databaseUrl);
  const live = new LiveFeed({ databaseUrl, logger });
  const askAvailability = askInventory(subgraphs, logger);

  return createSubgraphServer<CartContext>({
    name: 'cart',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('cart', trustedKeys),
    logger,
    context: (call) => ({ ...call, db, live, askAvailability }),
    ready: async () => {
      await db.$queryRaw`SELECT 1`;
    },
    startWorker: () => startWorker({ db, queues, logger }),
    close: async () => {
      await live.close();
      await db.$disconnect();
    },
  });
}
