import { runStatelessService } from '@mercato/subgraph-server';
import { readContentEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

await runStatelessService('content', readContentEnvironment, (dependencies, environment) =>
  createSubgraph({
    ...dependencies,
    hygraph: {
      endpoint: environment.HYGRAPH_ENDPOINT,
      token: environment.HYGRAPH_TOKEN,
      deadlineMs: environment.HYGRAPH_DEADLINE_MS,
    },
    cache: {
      freshMs: environment.CONTENT_FRESH_MS,
      staleMs: environment.CONTENT_STALE_MS,
      maxEntries: environment.CONTENT_CACHE_ENTRIES,
    },
  }),
);
