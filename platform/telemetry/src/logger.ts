import { type DestinationStream, type Logger, type LoggerOptions as PinoOptions, pino } from 'pino';
import { default as prettify } from 'pino-pretty';
import { currentTrace } from './trace.ts';

export type { Logger };

export interface LoggerOptions {
  /** Who speaks, such as `inventory` or `router`. */
  name: string;
  level?: string;
  /** Lines for people instead of JSON. */
  pretty?: boolean;
  destination?: DestinationStream;
}

/**
 * What is never written down. Cart and checkout ids are bearer secrets, as tokens are: whoever reads the log must
 * not be able to act with them.
 */
const secrets = [
  'authorization',
  'cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'cartId',
  'checkoutId',
  'idempotencyKey',
];

const redact = {
  paths: secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]),
  censor: '[redacted]',
};

/** A structured logger that adds the request and trace id of the work it is called from, and leaves secrets out. */
export function createLogger({ name, level = 'info', pretty = false, destination }: LoggerOptions): Logger {
  const options: PinoOptions = {
    name,
    level,
    redact,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const trace = currentTrace();
      return trace ? { requestId: trace.requestId, traceId: trace.traceId } : {};
    },
  };
  if (destination) return pino(options, destination);
  if (!pretty) return pino(options);
  // In this thread: a worker thread for each logger would cost more than the lines.
  return pino(options, prettify({ ignore: 'pid,hostname,time', singleLine: true, sync: true }));
}
