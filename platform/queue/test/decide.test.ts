import { expect, test } from 'vitest';
import { decide, type Situation } from '../src/detect/decide.ts';

const nothing: Situation = { recorded: undefined, choice: undefined, redisUrlIsSet: false, redisIsInstalled: false };

test.each<[string, Partial<Situation>, string]>([
  ['a new folder without Redis', {}, 'postgres'],
  ['a new folder with Redis installed', { redisIsInstalled: true }, 'redis-own'],
  ['a new folder with REDIS_URL', { redisUrlIsSet: true, redisIsInstalled: true }, 'redis-url'],
  ['a folder in Postgres when Redis is installed later', { recorded: 'postgres', redisIsInstalled: true }, 'postgres'],
  ['a folder with its own Redis', { recorded: 'redis-own', redisIsInstalled: true }, 'redis-own'],
  ['a folder on REDIS_URL', { recorded: 'redis-url', redisUrlIsSet: true }, 'redis-url'],
  ['Postgres asked for beside REDIS_URL', { choice: 'postgres', redisUrlIsSet: true }, 'postgres'],
  ['Redis asked for where it is installed', { choice: 'redis', redisIsInstalled: true }, 'redis-own'],
  ['Redis asked for with REDIS_URL', { choice: 'redis', redisUrlIsSet: true }, 'redis-url'],
  ['what is recorded asked for', { choice: 'postgres', recorded: 'postgres' }, 'postgres'],
])('%s uses the fitting backend', (_case, situation, backend) => {
  expect(decide({ ...nothing, ...situation })).toEqual({ kind: 'use', backend, leaves: undefined });
});

test.each<[Partial<Situation>, string, string]>([
  [{ recorded: 'redis-own', choice: 'postgres' }, 'postgres', 'redis-own'],
  [{ recorded: 'postgres', choice: 'redis', redisUrlIsSet: true }, 'redis-url', 'postgres'],
  [{ recorded: 'redis-url', choice: 'redis', redisIsInstalled: true }, 'redis-own', 'redis-url'],
])('%o moves, and says what it leaves', (situation, backend, leaves) => {
  expect(decide({ ...nothing, ...situation })).toEqual({ kind: 'use', backend, leaves });
});

test.each<[Partial<Situation>, RegExp]>([
  [
    { recorded: 'redis-own' },
    /neither redis-server nor valkey-server is on the PATH now.*MERCATO_QUEUE=postgres.*--reset/,
  ],
  [{ recorded: 'redis-own', redisUrlIsSet: true, redisIsInstalled: true }, /REDIS_URL is set.*MERCATO_QUEUE=redis/],
  [{ recorded: 'postgres', redisUrlIsSet: true }, /in Postgres, but REDIS_URL is set.*MERCATO_QUEUE=redis.*--reset/],
  [{ recorded: 'redis-url', redisIsInstalled: true }, /REDIS_URL is not set.*MERCATO_QUEUE.*--reset/],
  [{ choice: 'redis' }, /MERCATO_QUEUE is redis, but.*MERCATO_QUEUE=postgres/],
])('%o is never switched silently: it is refused with the way out', (situation, message) => {
  expect(decide({ ...nothing, ...situation })).toEqual({ kind: 'refuse', message: expect.stringMatching(message) });
});
