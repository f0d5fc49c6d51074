import { readEnvironment } from '@mercato/environment';
import { z } from 'zod';

/** Quiet unless TEST_LOG is set: a failing test is read in its assertion. */
export const testLogLevel = (): string =>
  readEnvironment({ TEST_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('fatal') }).TEST_LOG;

/** What a container gives a process by itself. */
export const bareEnvironment = (): Record<string, string> => ({
  PATH: readEnvironment({ PATH: z.string() }).PATH,
  NODE_ENV: 'production',
  APOLLO_TELEMETRY_DISABLED: '1',
});

/** A folder with shopify-*.csv and stores.json: catalogs and stores of real shops, where there is one. */
export const sampleDataFolder = (): string | undefined =>
  readEnvironment({ MERCATO_SAMPLE_DATA: z.string().optional() }).MERCATO_SAMPLE_DATA || undefined;
