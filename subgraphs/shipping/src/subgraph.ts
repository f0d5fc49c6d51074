import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { gql } from 'graphql-tag';
import type { ShippingContext } from './context.ts';
import { connectDatabase } from './domain/database.ts';
import { deliveryOffers } from './domain/quotes/offer-deliveries.ts';
import { zoneReader } from './domain/zones/read-zones.ts';
import { seedZones } from './domain/zones/seed-zones.ts';
import { startWorker } from './jobs/worker.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';

const typeDefs = gql(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));

export async function createSubgraph(dependencies: SubgraphDependencies): Promise<Subgraph> {
  const { databaseUrl, logger, trustedKeys } = dependencies;
  const db = connectDatabase(databaseUrl);
  const offerDeliveries = deliveryOffers(db, zoneReader(db));

  return createSubgraphServer<ShippingContext>({
    name: 'shipping',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('shipping', trustedKeys),
    logger,
    context: (call) => ({ ...call, db, offerDeliveries, loaders: createLoaders(db) }),
    ready: async () => {
      await db.$queryRaw`SELECT 1`;
    },
    seed: () => seedZones(db),
    startWorker: () => startWorker({ ...dependencies, db }),
    close: () => db.$disconnect(),
  });
}
