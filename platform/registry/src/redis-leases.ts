import type { Logger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { keptSchemas, type Lease, type LeaseStore, readLease } from './lease.ts';

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

/** Of all subgraphs: the SDLs by `subgraph hash`, and when each was published. */
const schemaKeys = { sdls: '{mercato:registry}:sdls', published: '{mercato:registry}:published' };

const publishScript = `
local name = ARGV[1] .. ' ' .. ARGV[2]
local added = redis.call('HSETNX', KEYS[1], name, ARGV[3])
local last = redis.call('ZSCORE', KEYS[2], name)
if last and tonumber(last) >= tonumber(ARGV[6]) and added == 0 then return end
redis.call('ZADD', KEYS[2], ARGV[6], name)
local kept = 0
for _, other in ipairs(redis.call('ZREVRANGE', KEYS[2], 0, -1)) do
  if string.sub(other, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then
    kept = kept + 1
    if kept > tonumber(ARGV[4]) then
      redis.call('ZREM', KEYS[2], other)
      redis.call('HDEL', KEYS[1], other)
    end
  end
end
redis.call('PUBLISH', ARGV[5], name)
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
  const subscribers: Redis[] = [];
  // Every command tells its caller; a connection that comes back by itself is no news.
  const note = (error: Error) => logger.debug({ err: error }, 'A connection to the registry failed');
  redis.on('error', note);
  const run = (script: string, ...values: (string | number)[]): Promise<unknown> =>
    runOn([keys.lapses, keys.leases], script, ...values);
  const runOn = (
    [first, second]: readonly [string, string],
    script: string,
    ...values: (string | number)[]
  ): Promise<unknown> => redis.eval(script, 2, first, second, ...values);

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
    async publish({ subgraph, hash, sdl, at }) {
      const { sdls, published } = schemaKeys;
      await runOn([sdls, published], publishScript, subgraph, hash, sdl, keptSchemas, channel, at);
    },
    async published() {
      const found = await redis.zrangebyscore(schemaKeys.published, '-inf', '+inf', 'WITHSCORES');
      return pairsOf(found).flatMap(([name, at]) => {
        const [subgraph, hash] = name.split(' ');
        return subgraph && hash ? [{ subgraph, hash, at: Number(at) }] : [];
      });
    },
    async sdl({ subgraph, hash }) {
      return (await redis.hget(schemaKeys.sdls, `${subgraph} ${hash}`)) ?? undefined;
    },
    async watch(listener) {
      const connected = new Redis(url, { ...options, ...subscriberOptions });
      subscribers.push(connected);
      connected.on('error', note);
      connected.on('message', listener);
      // After every loss of the connection again, and the list with it: what was published meanwhile was missed.
      connected.on('ready', () => connected.subscribe(channel).then(listener, note));
      connected.connect().catch(note);
    },
    async close() {
      for (const subscriber of subscribers) subscriber.disconnect();
      redis.disconnect();
    },
  };
}

const pairsOf = (list: readonly string[]): (readonly [string, string])[] =>
  list.flatMap((first, index) => (index % 2 === 0 ? [[first, list[index + 1] ?? ''] as const] : []));

const leaseIn = (text: unknown): Lease | undefined => (typeof text === 'string' ? readLease(text) : undefined);
