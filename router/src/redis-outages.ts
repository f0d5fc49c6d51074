import { reasonOf } from '@mercato/queue';
import type { Logger } from '@mercato/telemetry';
import type { Redis } from 'ioredis';

/** Milliseconds that a server may take to start, or to be replaced, before it is news. */
const graceMs = 1_000;

/** Tells once that a Redis that can be done without is away, and once that it is back; nothing of one that is only slow. */
export function tellOutages(
  redis: Pick<Redis, 'on'>,
  logger: Pick<Logger, 'warn' | 'info'>,
  { away, back }: { readonly away: string; readonly back: string },
): void {
  let waiting: NodeJS.Timeout | undefined;
  let isTold = false;
  let reason = '';
  const tell = () => {
    isTold = true;
    logger.warn({ reason }, away);
  };
  redis.on('error', (error) => {
    reason = reasonOf(error);
    waiting ??= setTimeout(tell, graceMs).unref();
  });
  const end = () => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  redis.on('ready', () => {
    end();
    if (isTold) logger.info(back);
    isTold = false;
  });
  redis.on('end', end);
}
