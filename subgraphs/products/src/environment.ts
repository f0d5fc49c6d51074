import { trustedKeysSchema } from '@mercato/auth';
import { httpUrl, json, port, postgresUrl, readEnvironment, redisUrl } from '@mercato/environment';
import { z } from 'zod';

const privateKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });
const routes = z.record(z.string(), z.array(z.string()));

/**
 * What this service reads from its environment when it runs as a process of its own.
 * @throws EnvironmentError
 */
export const readProductsEnvironment = () =>
  readEnvironment({
    DATABASE_URL: postgresUrl(),
    REDIS_URL: redisUrl().optional(),
    QUEUE_DATABASE_URL: postgresUrl().optional(),
    SUBGRAPH_URLS: json(z.record(z.string(), z.url())).describe(
      'JSON such as {"inventory":"http://inventory:4002/graphql"}',
    ),
    TRUSTED_KEYS: json(trustedKeysSchema).describe('JSON of public keys by caller'),
    SIGNING_KEY: json(privateKey).describe("JSON of this service's own key"),
    EVENT_ROUTES: json(routes).describe('JSON such as {"product.created":["inventory"]}'),
    PORT: port().default(4001),
    HOST: z.string().default('127.0.0.1'),
    ROLE: z.enum(['api', 'worker', 'all']).default('all'),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    LOG_PRETTY: z.stringbool().default(false),
    STORAGE_DIR: z.string().describe('a folder for pictures and uploads, shared by all processes of this service'),
    MEDIA_PUBLIC_URL: httpUrl().default('http://localhost:4000'),
    MEDIA_FETCH_ALLOW: z
      .string()
      .default('')
      .transform((text) => text.split(',').filter(Boolean))
      .describe('addresses such as 127.0.0.1:9000 that imports may fetch from although they are private, for tests'),
    SHOP_CURRENCY: z
      .string()
      .regex(/^[A-Z]{3}$/, 'it wants three letters of ISO 4217, such as USD')
      .default('USD'),
  });
