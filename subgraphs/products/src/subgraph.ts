import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { QueueUnavailableError } from '@mercato/queue';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { gql } from 'graphql-tag';
import type { ProductsContext } from './context.ts';
import { connectDatabase } from './domain/database.ts';
import { createDomain } from './domain/index.ts';
import { openTransformCache } from './domain/media/transform-cache.ts';
import { seedShop } from './domain/seed/seed-shop.ts';
import { openStorage } from './domain/storage/storage.ts';
import { inventoryWarehouses } from './inventory-warehouses.ts';
import { importCatalog } from './jobs/definitions.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { mediaRoutes } from './routes/media.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { startProductsWorker } from './worker.ts';

export interface ProductsSettings {
  /** Folder for pictures and uploads, shared by all processes of this service. */
  readonly storageDir: string;
  /** Where people reach `/media`; the router passes it through. */
  readonly mediaPublicUrl?: string;
  /** Addresses such as `127.0.0.1:9000` that imports may fetch pictures from although they are private; for tests. */
  readonly mediaFetchAllow?: readonly string[];
  /** The shop's own currency. */
  readonly currency?: string;
}

const typeDefs = gql(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));

/** Largest catalog file that is taken in. */
const mostUploadBytes = 512 * 1024 * 1024;

export async function createSubgraph(dependencies: SubgraphDependencies & ProductsSettings): Promise<Subgraph> {
  const { logger, trustedKeys, queues, storageDir } = dependencies;
  const { currency = 'USD', mediaPublicUrl = 'http://localhost:4000', mediaFetchAllow: allow = [] } = dependencies;
  const database = connectDatabase(dependencies.databaseUrl);
  const storage = openStorage(storageDir);
  const queueImport = async (importId: string) => {
    try {
      await queues.add(importCatalog, { importId }, { id: importId });
    } catch (error) {
      if (!(error instanceof QueueUnavailableError)) throw error;
      logger.warn({ err: error, importId }, 'The import waits until the queue is back');
    }
  };
  const warehouses = inventoryWarehouses(dependencies.subgraphs, logger);
  const domain = createDomain({ database, storage, warehouses, queueImport, shop: { currency, mediaPublicUrl } });
  const { search } = domain;
  const verifier = createViewerVerifier('products', trustedKeys);

  return createSubgraphServer<ProductsContext>({
    name: 'products',
    typeDefs,
    resolvers,
    verifier,
    logger,
    context: (call) => ({ ...call, domain, loaders: createLoaders(database, call.viewer) }),
    routes: async (server) => {
      await server.register(mediaRoutes({ storage, cache: openTransformCache(storage.cacheFolder) }));
      await server.register(uploadRoutes({ database, storage, verifier, mostBytes: mostUploadBytes }));
    },
    ready: async () => {
      await database.$queryRaw`SELECT 1`;
    },
    seed: () => seedShop({ database, search, storage }),
    startWorker: () => startProductsWorker(dependencies, { database, search, storage, queues, allow }),
    close: () => database.$disconnect(),
  });
}
