import { flag, httpUrl, json, port, readEnvironment } from '@mercato/environment';
import { z } from 'zod';
import { contentToken } from './tokens.ts';

/** What the stand-alone process is told. */
export const readContentServerEnvironment = (source?: NodeJS.ProcessEnv) =>
  readEnvironment(
    {
      CONTENT_SERVER_PORT: port().default(4100),
      CONTENT_SERVER_HOST: z.string().default('127.0.0.1'),
      CONTENT_SERVER_PUBLIC_URL: httpUrl().optional(),
      CONTENT_SERVER_DATA_DIR: z.string().optional(),
      CONTENT_SERVER_TOKENS: json(z.array(contentToken))
        .optional()
        .describe('a JSON list such as [{"name":"web","value":"<JWT>","defaultStage":"PUBLISHED"}]'),
      CONTENT_SERVER_ADMIN_TOKEN: z.string().min(16, 'it wants 16 signs or more').optional(),
      CONTENT_SERVER_REQUESTS_PER_SECOND: z.coerce.number().int().min(1).optional(),
      LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
      LOG_PRETTY: flag().default(false),
    },
    source,
  );
