import type { Logger } from '@mercato/telemetry';
import type { Backend } from './backends/backend.ts';

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // Postgres: shut down, crashed, starting, connection failure, too many connections.
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  '53300',
]);
const connectionMessages =
  /connection (is closed|terminated|ended|closed)|timeout exceeded when trying to connect|^LOADING |max retries per request|command timed out|client has encountered a connection error/i;

export const isConnectionError = (error: Error): boolean =>
  ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)) ||
  connectionMessages.test(error.message);

/** How often a lasting outage is said again, and how often the server is asked whether it is back, in ms. */
const repeatEvery = 60_000;
const askEvery = 1_000;

export interface OutageReporter {
  lost(error: Error): void;
  stop(): void;
}

/**
 * Says once that the server is away and once that it is back, where every connection of every worker would say it each
 * second; what lasts is said again each minute.
 */
export function reportOutages({ backend, logger }: { backend: Backend; logger: Logger }): OutageReporter {
  let since: number | undefined;
  let saidAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const ask = async () => {
    try {
      await backend.ping();
      if (stopped || since === undefined) return;
      logger.info({ server: backend.server, seconds: (Date.now() - since) / 1_000 }, 'The queue server is back.');
      since = undefined;
    } catch (error) {
      say(error instanceof Error ? error : new Error(String(error)));
      askLater();
    }
  };
  const askLater = () => {
    if (stopped) return;
    timer = setTimeout(ask, askEvery);
    timer.unref();
  };
  const say = (error: Error) => {
    if (stopped || Date.now() - saidAt < repeatEvery) return;
    saidAt = Date.now();
    logger.warn(
      { server: backend.server, err: error },
      'The queue server cannot be reached; jobs wait until it is back.',
    );
  };

  return {
    lost(error) {
      if (stopped || since !== undefined) return;
      since = Date.now();
      saidAt = 0;
      say(error);
      askLater();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
