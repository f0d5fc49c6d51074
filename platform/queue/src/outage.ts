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
/** Connections come back one after the other; the stragglers' errors are no outage of their own. */
const settling = 5_000;

export interface OutageReporter {
  lost(error: Error): void;
  stop(): void;
}

/**
 * Says once that the server is away and once that it is back, where every connection of every worker would say it each
 * second; what lasts is said again each minute.
 */
export function reportOutages({ backend, logger }: { backend: Backend; logger: Logger }): OutageReporter {
  let outage: { since: number; saidAt: number | undefined } | undefined;
  let backSince = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const ask = async () => {
    try {
      await backend.ping();
      if (!stopped) ended();
    } catch (error) {
      if (stopped) return;
      say(error);
      askLater();
    }
  };
  const askLater = () => {
    timer = setTimeout(ask, askEvery);
    timer.unref();
  };
  const say = (error: unknown) => {
    if (!outage || (outage.saidAt !== undefined && Date.now() - outage.saidAt < repeatEvery)) return;
    outage.saidAt = Date.now();
    logger.warn(
      { server: backend.server, err: error },
      'The queue server cannot be reached; jobs wait until it is back.',
    );
  };
  const ended = () => {
    if (outage?.saidAt !== undefined) {
      const seconds = (Date.now() - outage.since) / 1_000;
      logger.info({ server: backend.server, seconds }, 'The queue server is back.');
      backSince = Date.now();
    }
    outage = undefined;
  };

  return {
    lost(error) {
      if (stopped || outage) return;
      outage = { since: Date.now(), saidAt: undefined };
      if (Date.now() - backSince > settling) say(error);
      askLater();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
