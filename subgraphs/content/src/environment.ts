import { httpUrl, milliseconds, readEnvironment } from '@mercato/environment';
import { statelessServiceVariables } from '@mercato/subgraph-server';
import { z } from 'zod';

/** @throws EnvironmentError */
export const readContentEnvironment = (source?: NodeJS.ProcessEnv) =>
  readEnvironment(
    {
      ...statelessServiceVariables,
      HYGRAPH_ENDPOINT: httpUrl().describe(
        'the Content API of a Hygraph project, such as https://eu-central-1.cdn.hygraph.com/content/<id>/master',
      ),
      HYGRAPH_TOKEN: z.string().optional(),
      HYGRAPH_DEADLINE_MS: milliseconds().default(1_500),
      CONTENT_FRESH_MS: milliseconds().default(30_000),
      CONTENT_STALE_MS: milliseconds().default(86_400_000),
      CONTENT_CACHE_ENTRIES: z.coerce.number().int().min(1).default(2_000),
    },
    source,
  );
