import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { gql } from 'graphql-tag';
import type { ProductsContext } from './context.ts';
import { connectDatabase } from './domain/database.ts';
import { createDomain } from './domain/index.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';

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

export async function createSubgraph(dependencies: SubgraphDependencies & ProductsSettings): Promise<Subgraph> {
  const { logger, trustedKeys } = dependencies;
  const { currency = 'USD', mediaPublicUrl = 'http://localhost:4000' } = dependencies;
  const database = connectDatabase(dependencies.databaseUrl);
  const domain = createDomain({ database, shop: { currency, mediaPublicUrl } });

  return createSubgraphServer<ProductsContext>({
    name: 'products',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('products', trustedKeys),
    logger,
    context: (call) => ({ ...call, domain, loaders: createLoaders(database, call.viewer) }),
    ready: async () => {
      await database.$queryRaw`SELECT 1`;
    },
    close: () => database.$disconnect(),
  });
}
