import { type DestinationStream, type Logger, type LoggerOptions as PinoOptions, pino } from 'pino';
import { default as prettify } from 'pino-pretty';
import { standardOutput } from './standard-output.ts';
import { currentTrace } from './trace.ts';
import { withoutSecrets } from './without-secrets.ts';

export type { Logger };

export interface LoggerOptions {
  /** Who speaks, such as `inventory` or `router`. */
  name: string;
  level?: string;
  /** Lines for people instead of JSON. */
  pretty?: boolean;
  destination?: DestinationStream;
}

/** A structured logger that adds the request and trace id of the work it is called from, and leaves secrets out. */
export function createLogger({ name, level = 'info', pretty = false, destination }: LoggerOptions): Logger {
  const options: PinoOptions = {
    name,
    level,
    formatters: { log: (fields) => withoutSecrets(fields) },
    // What an error carries beside its message, such as the request of a failed call.
    serializers: { err: (error: unknown) => withoutSecrets(errorFields(error)) },
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const trace = currentTrace();
      return trace ? { requestId: trace.requestId, traceId: trace.traceId } : {};
    },
  };
  if (destination) return pino(options, destination);
  if (!pretty) return pino(options, standardOutput());
  // In this thread: a worker thread for each logger would cost more than the lines.
  return pino(options, prettify({ ignore: 'pid,hostname,time', singleLine: true, sync: true }));
}

const errorFields = (error: unknown): Record<string, unknown> =>
  error instanceof Error ? { ...pino.stdSerializers.err(error) } : { message: String(error) };
