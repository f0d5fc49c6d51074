import { readEnvironment } from '@mercato/environment';
import { z } from 'zod';

/** Quiet unless TEST_LOG is set: a failing test is read in its assertion. */
export const testLogLevel = (): string =>
  readEnvironment({ TEST_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('fatal') }).TEST_LOG;
