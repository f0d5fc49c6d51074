import { fileURLToPath } from 'node:url';
import type { Logger } from '@mercato/telemetry';
import { fileLeases } from './file-leases.ts';
import { defaultRhythm, type Rhythm } from './lease.ts';
import { redisLeases } from './redis-leases.ts';
import { createRegistry, type Registry } from './registry.ts';

/**
 * The registry at an address: `redis://…` for any number of machines, `file:///folder` for one. Connected when it is
 * first used; it may be away then, and later.
 */
export function connectRegistry(
  url: string,
  { logger, rhythm = defaultRhythm }: { logger: Logger; rhythm?: Rhythm },
): Registry {
  const { leaseMs } = rhythm;
  const isFolder = url.startsWith('file:');
  const store = isFolder ? fileLeases(fileURLToPath(url), { leaseMs }) : redisLeases(url, { leaseMs, logger });
  return createRegistry(store, { logger, rhythm });
}
