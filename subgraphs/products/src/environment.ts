import { httpUrl, readEnvironment } from '@mercato/environment';
import { serviceVariables } from '@mercato/subgraph-server';
import { z } from 'zod';

/**
 * What this service reads from its environment when it runs as a process of its own.
 * @throws EnvironmentError
 */
export const readProductsEnvironment = () =>
  readEnvironment({
    ...serviceVariables,
    STORAGE_DIR: z.string().describe('a folder for pictures and uploads, shared by all processes of this service'),
    MEDIA_PUBLIC_URL: httpUrl().default('http://localhost:4000'),
    MEDIA_FETCH_ALLOW: z
      .string()
      .default('')
      .transform((text) => text.split(',').filter(Boolean))
      .describe('addresses such as 127.0.0.1:9000 that imports may fetch from although they are private; for tests'),
    SHOP_CURRENCY: z
      .string()
      .regex(/^[A-Z]{3}$/, 'it wants three letters of ISO 4217, such as USD')
      .default('USD'),
  });
