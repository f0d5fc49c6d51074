import type { Logger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { type Lease, type LeaseStore, readLease } from './lease.ts';

/** In one slot of a cluster: the scripts touch both keys. */
const keys = { lapses: '{mercato:registry}:lapses', leases: '{mercato:registry}:leases' };
const channel = 'mercato:registry:changed';

/** By Redis' clock alone: the machines' may differ. */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const putScript = `${now}
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[1])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('PUBLISH', ARGV[4], ARGV[1])
end
`;

const removeScript = `
redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('HDEL', KEYS[2], ARGV[1]) == 1 then redis.call('PUBLISH', ARGV[2], ARGV[1]) end
`;

const listScript = `${now}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf')
if #ids == 0 then return {} end
return redis.call('HMGET', KEYS[2], unpack(ids))
`;

/** Nobody waits for the registry: what fails is tried again with the next heartbeat. */
const options = {
  retryStrategy: (times: number) => Math.min(times * 100, 1_000),
  connectTimeout: 2_000,
  commandTimeout: 2_000,
  maxRetriesPerRequest: 1,
  lazyConnect: true,
};

const subscriberOptions = { commandTimeout: undefined, maxRetriesPerRequest: null, autoResubscribe: false };

/** Leases in Redis, whose changes are published. */
export function redisLeases(url: string, { leaseMs, logger }: { leaseMs: number; logger: Logger }): LeaseStore {
  const redis = new Redis(url, options);
  let subscriber: Redis | undefined;
  // Every command tells its caller; a connection that comes back by itself is no news.
  const note = (error: Error) => logger.debug({ err: error }, 'A connection to the registry failed');
  redis.on('error', note);
  const run = (script: string, ...values: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 2, keys.lapses, keys.leases, ...values);

  return {
    async put(lease) {
      await run(putScript, lease.id, JSON.stringify(lease), leaseMs, channel);
    },
    async remove(id) {
      await run(removeScript, id, channel);
    },
    async list() {
      const found = await run(listScript);
      return Array.isArray(found) ? found.flatMap((text) => leaseIn(text) ?? []) : [];
    },
    async watch(listener) {
      const connected = new Redis(url, { ...options, ...subscriberOptions });
      subscriber = connected;
      connected.on('error', note);
      connected.on('message', listener);
      // After every loss of the connection again, and the list with it: what was published meanwhile was missed.
      connected.on('ready', () => connected.subscribe(channel).then(listener, note));
      connected.connect().catch(note);
    },
    async close() {
      subscriber?.disconnect();
      redis.disconnect();
    },
  };
}

const leaseIn = (text: unknown): Lease | undefined => (typeof text === 'string' ? readLease(text) : undefined);
