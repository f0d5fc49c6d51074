import type { Logger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { tellOutages } from '../../redis-outages.ts';
import type { Policy } from './budgets.ts';

export interface Answer {
  /** Of each that was asked for. */
  readonly taken: readonly boolean[];
  readonly level: number;
}

/** What several routers count together. */
export interface SharedAccounts {
  /** False while asking would only cost time. */
  readonly usable: boolean;
  /**
   * Adds what was spent elsewhere than here, then takes what is asked for, each in turn if it fits.
   * @throws where nobody answers
   */
  spend(key: string, policy: Policy, spent: number, asked: readonly number[]): Promise<Answer>;
}

/**
 * A leaking bucket, as `account.ts` has it, by the clock of Redis. KEYS: the bucket. ARGV: what it holds, what leaks in a
 * millisecond, what was spent already, and each that is to be taken if it fits. Answers the level, and 1 or 0 for each.
 */
const script = `
local capacity, rate, spent = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local stored = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = 0
if stored[1] then level = math.max(0, tonumber(stored[1]) - math.max(0, now - tonumber(stored[2])) * rate) end
level = math.max(0, math.min(level + spent, math.max(level, 2 * capacity)))
local answers = {}
for n = 4, #ARGV do
  local points = tonumber(ARGV[n])
  local fits = level == 0 or level + points <= capacity
  if fits then level = level + points end
  answers[n - 2] = fits and 1 or 0
end
answers[1] = string.format('%.6f', level)
if level > 0 then
  redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', KEYS[1], math.ceil(level / rate) + 1000)
else
  redis.call('DEL', KEYS[1])
end
return answers
`;

interface WithScript extends Redis {
  mercatoSpend(key: string, ...arguments_: number[]): Promise<[string, ...number[]]>;
}

/** @param prefix of the keys */
export function redisAccounts(
  url: string,
  logger: Pick<Logger, 'info' | 'warn'>,
  prefix = 'mercato:rate:',
): SharedAccounts & { close(): void } {
  const redis = new Redis(url, {
    // Nothing waits for a Redis that is away, and nothing is sent twice: points would be taken twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  tellOutages(redis, logger, {
    away: 'Rate limits are counted by this router alone until Redis can be reached',
    back: 'Rate limits are counted together again',
  });
  redis.defineCommand('mercatoSpend', { numberOfKeys: 1, lua: script });
  const scripted = redis as WithScript;
  return {
    get usable() {
      return redis.status === 'ready';
    },
    async spend(key, { points: capacity, rate }, spent, asked) {
      const [level, ...taken] = await scripted.mercatoSpend(`${prefix}${key}`, capacity, rate, spent, ...asked);
      return { taken: taken.map((one) => one === 1), level: Number(level) };
    },
    close: () => redis.disconnect(),
  };
}
