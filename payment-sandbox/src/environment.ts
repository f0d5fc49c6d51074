import { flag, httpUrl, milliseconds, port, readEnvironment } from '@mercato/environment';
import { z } from 'zod';

/** What the stand-alone process is told. */
export const readPaymentSandboxEnvironment = (source?: NodeJS.ProcessEnv) =>
  readEnvironment(
    {
      PAYMENT_SANDBOX_PORT: port().default(4200),
      PAYMENT_SANDBOX_HOST: z.string().default('127.0.0.1'),
      PAYMENT_SANDBOX_PUBLIC_URL: httpUrl().optional(),
      PAYMENT_SANDBOX_API_KEY: z.string().min(16, 'it wants 16 signs or more').describe('a secret of 16 signs or more'),
      PAYMENT_SANDBOX_DATA_FILE: z.string().describe('the path of its journal, such as .mercato/payment-sandbox.jsonl'),
      PAYMENT_SANDBOX_SLOW_MS: milliseconds().default(1_500),
      PAYMENT_SANDBOX_SILENCE_MS: milliseconds().default(30_000),
      LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
      LOG_PRETTY: flag().default(false),
    },
    source,
  );
