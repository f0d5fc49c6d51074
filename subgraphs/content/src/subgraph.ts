import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { gql } from 'graphql-tag';
import type { ContentContext } from './context.ts';
import type { CacheSettings } from './domain/cache/stale-cache.ts';
import { createContent } from './domain/content.ts';
import { ContentApi, type ContentApiSettings } from './domain/content-api/content-api.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';

const typeDefs = gql(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));

export interface ContentSettings {
  /** The Content API that is asked: a Hygraph project's, or the local content server's. */
  readonly hygraph: ContentApiSettings;
  readonly cache?: Partial<CacheSettings> | undefined;
}

/** It has no database and no queue of its own: all it needs of the dependencies is whom to trust and where to log. */
export async function createSubgraph({
  hygraph,
  cache,
  logger,
  trustedKeys,
}: Pick<SubgraphDependencies, 'logger' | 'trustedKeys'> & ContentSettings): Promise<Subgraph> {
  const api = new ContentApi(hygraph, logger);
  const content = createContent(api, cache ?? {}, logger);

  return createSubgraphServer<ContentContext>({
    name: 'content',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('content', trustedKeys),
    logger,
    context: (call) => ({ ...call, content, loaders: createLoaders(content) }),
    // A shop without its texts still sells: a CMS that is down does not take this subgraph out of service.
    ready: async () => {},
    close: () => api.close(),
  });
}
