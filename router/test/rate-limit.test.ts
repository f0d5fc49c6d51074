import type { Viewer } from '@mercato/auth';
import { createLogger } from '@mercato/telemetry';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Client, guestClient } from '../src/identity/client.ts';
import { fits, openAccount, settleTo, spend } from '../src/limits/rate/account.ts';
import { rateHeaders, rateLimited } from '../src/limits/rate/answers.ts';
import { policyOf } from '../src/limits/rate/budgets.ts';
import { clientKey, isLoopback, networkOf } from '../src/limits/rate/client-key.ts';
import { type Decision, RateLimiter } from '../src/limits/rate/rate-limiter.ts';
import { redisAccounts } from '../src/limits/rate/shared-accounts.ts';
import { hasRedis, type RedisServer, redisServer } from './redis-server.ts';

/** Other tests may have the machine. */
const patiently = { timeout: 20_000 };

type Asker = Pick<Client, 'viewer' | 'credentialId'>;
const staff: Viewer = { kind: 'staff', id: 'ada', scopes: [] };
const ada: Asker = { viewer: staff, credentialId: 'key_ada' };
const guest: Asker = guestClient;

/** As a request does it. */
function takeNow(limiter: RateLimiter, client: Asker, from: string, points: number): ReturnType<RateLimiter['take']> {
  const account = limiter.accountOf(client, from);
  if (!account) throw new Error('nothing is counted');
  return limiter.take(account, points);
}
const address = '192.0.2.1';
const budgets = { guest: { points: 100, seconds: 10 }, staff: { points: 1_000, seconds: 100 } };

describe('in one process', () => {
  let now = 0;
  const limiter = (options: ConstructorParameters<typeof RateLimiter>[0] = {}) =>
    new RateLimiter({ budgets, now: () => now, ...options });
  const take = (of: RateLimiter, points: number, client = guest, from = address): Decision => {
    const decision = takeNow(of, client, from, points);
    if (decision instanceof Promise) throw new Error('decided elsewhere');
    return decision;
  };

  test('points are spent, refused when they are gone, and come back evenly', () => {
    const one = limiter();
    expect(take(one, 60)).toMatchObject({ allowed: true, remaining: 40, resetsIn: 6 });
    expect(take(one, 40)).toMatchObject({ allowed: true, remaining: 0, resetsIn: 10 });
    expect(take(one, 30)).toMatchObject({ allowed: false, remaining: 0, resetsIn: 10, retryAfter: 3, points: 0 });
    now += 2_900;
    expect(take(one, 30)).toMatchObject({ allowed: false, remaining: 29, retryAfter: 1 });
    now += 100;
    expect(take(one, 30)).toMatchObject({ allowed: true, remaining: 0 });
    now += 100_000;
    expect(take(one, 1)).toMatchObject({ allowed: true, remaining: 99, resetsIn: 1 });
  });

  test('what an operation did not cost comes back, what it cost beyond is owed', () => {
    const one = limiter();
    one.settle(take(one, 80), 10);
    const second = take(one, 90);
    expect(second).toMatchObject({ allowed: true, remaining: 0 });
    one.settle(second, 140);
    expect(take(one, 1)).toMatchObject({ allowed: false, resetsIn: 15, retryAfter: 6 });
    now += 5_100;
    expect(take(one, 1)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('what was done already is charged, whether it fits or not', () => {
    const one = limiter();
    const account = one.accountOf(guest, address);
    if (!account) throw new Error('nothing is counted');
    expect(one.charge(account, 90)).toMatchObject({ remaining: 10 });
    expect(one.isSpent(account)).toBe(false);
    expect(one.charge(account, 20)).toMatchObject({ remaining: 0, resetsIn: 11 });
    expect(one.isSpent(account)).toBe(true);
    now += 2_000;
    expect(one.isSpent(account)).toBe(false);
  });

  test('even a free operation costs a point', () => {
    const one = limiter();
    for (let count = 0; count < 100; count += 1) expect(take(one, 0).allowed).toBe(true);
    const last = take(one, 0);
    expect(last.allowed).toBe(false);
  });

  test('what costs more than a whole budget waits for a whole budget', () => {
    const one = limiter();
    take(one, 1);
    expect(take(one, 250)).toMatchObject({ allowed: false, retryAfter: 1 });
    now += 100;
    expect(take(one, 250)).toMatchObject({ allowed: true, remaining: 0, resetsIn: 25 });
    now += 15_000;
    expect(take(one, 1)).toMatchObject({ allowed: false });
    now += 100;
    expect(take(one, 1)).toMatchObject({ allowed: true });
  });

  test('nobody owes more than a budget beside their own, whatever an answer cost', () => {
    const one = limiter();
    one.settle(take(one, 1), 1_000_000);
    expect(take(one, 1)).toMatchObject({ allowed: false, resetsIn: 20 });
  });

  test('each client has a budget of their own, by who they are', () => {
    const one = limiter();
    take(one, 100);
    expect(take(one, 1).allowed).toBe(false);
    expect(take(one, 1, guest, '192.0.2.2').allowed).toBe(true);
    expect(take(one, 500, ada)).toMatchObject({ allowed: true, remaining: 500, policy: { kind: 'staff' } });
    expect(take(one, 500, ada, '192.0.2.9')).toMatchObject({ allowed: true, remaining: 0 });
    expect(take(one, 500, { ...ada, credentialId: 'key_bob' }).allowed).toBe(true);
  });

  test('services are not counted, nor is this machine unless it is asked for', () => {
    const service: Asker = { viewer: { kind: 'service', id: 'cart', scopes: [] }, credentialId: 'cart' };
    expect(limiter().accountOf(service, address)).toBeUndefined();
    expect(limiter().accountOf(guest, '127.0.0.1')).toBeUndefined();
    expect(limiter({ budgets: { guest: null } }).accountOf(guest, address)).toBeUndefined();
    expect(take(limiter({ loopback: true }), 1, guest, '127.0.0.1')).toMatchObject({ remaining: 99 });
  });

  test('what came back while the other routers could not be told is not told to them later', () => {
    const account = openAccount('one', policyOf('guest', { points: 100, seconds: 10 }), 0);
    spend(account, 90);
    settleTo(account, 3_000);
    expect(account).toMatchObject({ level: 60, unshared: 60 });
    spend(account, 30);
    settleTo(account, 60_000);
    expect(account).toMatchObject({ level: 0, unshared: 0 });
  });

  test('headers say so in structured fields', () => {
    const one = limiter();
    expect(rateHeaders(take(one, 60.5))).toEqual({
      'ratelimit-policy': '"guest";q=100;qu="points";w=10',
      ratelimit: '"guest";r=39;t=7',
    });
    const error = rateLimited(take(one, 80));
    expect(error.message).toBe('The 100 points for 10 s are spent. Ask again in 5 s, or for less.');
    expect(error.extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfter: 5,
      http: {
        status: 429,
        headers: {
          'ratelimit-policy': '"guest";q=100;qu="points";w=10',
          ratelimit: '"guest";r=39;t=7',
          'retry-after': '5',
        },
      },
    });
  });

  test('a hundred thousand clients are told apart in less than two seconds', () => {
    const one = limiter();
    const startedAt = performance.now();
    for (let n = 0; n < 100_000; n += 1) take(one, 1, guest, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
    for (let n = 0; n < 100_000; n += 1) take(one, 1, guest, '10.0.0.1');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
])('the network of %s is %s', (from, network) => {
  expect(networkOf(from)).toBe(network);
  expect(clientKey(guest, from)).toBe(`guest:${network}`);
  expect(clientKey(ada, from)).toBe('staff:key_ada');
});

test('this machine by its addresses', () => {
  for (const from of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) expect(isLoopback(from)).toBe(true);
  for (const from of ['128.0.0.1', '10.127.0.1', '::127', '2001:db8::1']) expect(isLoopback(from)).toBe(false);
});

describe.skipIf(!hasRedis)('several routers with one Redis', () => {
  let redis: RedisServer;
  const opened: { close(): void }[] = [];
  let prefix = 0;
  beforeAll(async () => {
    redis = await redisServer();
  });
  afterEach(async () => {
    redis.thaw();
    for (const one of opened.splice(0)) one.close();
    prefix += 1;
  });
  afterAll(() => redis.remove());

  const heard: string[] = [];
  const logger = createLogger({ name: 'router', destination: { write: (line) => heard.push(JSON.parse(line).msg) } });
  /** A router's, as it is once it has its connection. */
  const limiter = async (points = 1_000, seconds = 1_000, patience = 10_000) => {
    const shared = redisAccounts(redis.url, logger, `test:${prefix}:`);
    const one = new RateLimiter({ budgets: { guest: { points, seconds } }, shared, patience });
    opened.push(one, shared);
    await expect.poll(() => shared.usable, patiently).toBe(true);
    return one;
  };
  /** Of the guest's thousand points, as Redis has it. */
  const spentTogether = async (): Promise<number> => {
    const shared = redisAccounts(redis.url, logger, `test:${prefix}:`);
    await expect.poll(() => shared.usable, patiently).toBe(true);
    const policy = policyOf('guest', { points: 1_000, seconds: 1_000 });
    const { level } = await shared.spend(`guest:${address}`, policy, 0, []);
    shared.close();
    return level;
  };
  const take = async (one: RateLimiter, points: number): Promise<Decision> => {
    return takeNow(one, guest, address, points);
  };

  test('far from the limit nobody is asked; the others hear of it soon', async () => {
    const one = await limiter();
    const decision = takeNow(one, guest, address, 50);
    expect(decision).not.toBeInstanceOf(Promise);
    await expect.poll(spentTogether, patiently).toBeGreaterThan(49);
    const other = await limiter();
    expect((await take(other, 900)).remaining).toBeLessThanOrEqual(51);
  });

  test('close to it, racers on three routers get what there is, once', async () => {
    const routers = [await limiter(), await limiter(), await limiter()];
    const decisions = await Promise.all(Array.from({ length: 90 }, (_, n) => take(routers[n % 3] as RateLimiter, 200)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  test('with small operations no router lets more than a tenth through that the others do not know of', async () => {
    const routers = [await limiter(), await limiter(), await limiter()];
    const decisions = await Promise.all(
      Array.from({ length: 3_000 }, (_, n) => take(routers[n % 3] as RateLimiter, 1)),
    );
    const allowed = decisions.filter((decision) => decision.allowed).length;
    expect(allowed).toBeGreaterThanOrEqual(1_000);
    expect(allowed).toBeLessThanOrEqual(1_300);
    expect((await take(routers[0] as RateLimiter, 1)).allowed).toBe(false);
  });

  test('what is given back can be spent through another router', async () => {
    const [one, other] = [await limiter(), await limiter()];
    const decision = await take(one, 900);
    expect((await take(other, 900)).allowed).toBe(false);
    one.settle(decision, 100);
    await expect.poll(async () => (await take(other, 900)).allowed, { ...patiently, interval: 300 }).toBe(true);
  });

  test('Redis counts as a router does', async () => {
    const shared = redisAccounts(redis.url, logger, `test:${prefix}:`);
    opened.push(shared);
    await expect.poll(() => shared.usable, patiently).toBe(true);
    // Nothing comes back while this runs.
    const policy = policyOf('guest', { points: 100, seconds: 1_000_000_000 });
    const steps = fc.array(
      fc.tuple(fc.integer({ min: -120, max: 250 }), fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 4 })),
      { minLength: 1, maxLength: 8 },
    );
    let key = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        key += 1;
        const account = openAccount('one', policy, 0);
        for (const [spent, asked] of sequence) {
          spend(account, spent);
          const taken = asked.map((points) => {
            const fit = fits(account, points);
            if (fit) account.level += points;
            return fit;
          });
          const answer = await shared.spend(`same-${key}`, policy, spent, asked);
          expect(answer.taken).toEqual(taken);
          expect(answer.level).toBeCloseTo(account.level, 2);
          // The fraction of a point that came back decides between whole and empty no further.
          fc.pre(account.level > 0);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('points come back by the clock of Redis', async () => {
    const one = await limiter(100, 4);
    expect((await take(one, 100)).allowed).toBe(true);
    expect((await take(one, 100)).allowed).toBe(false);
    const other = await limiter(100, 4);
    await expect.poll(async () => (await take(other, 50)).allowed, { ...patiently, interval: 100 }).toBe(true);
  });

  test('a client that asks on regardless costs no round trip each time', async () => {
    const one = await limiter();
    await take(one, 1_000);
    await take(one, 500);
    expect(takeNow(one, guest, address, 500)).not.toBeInstanceOf(Promise);
  });

  test('while Redis is frozen a request waits a moment, then nobody does; afterwards they count together again', async () => {
    const [one, other] = [await limiter(1_000, 1_000, 50), await limiter()];
    redis.freeze();
    const startedAt = performance.now();
    expect((await take(one, 600)).allowed).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(takeNow(one, guest, address, 300)).toMatchObject({ allowed: true });
    expect(takeNow(one, guest, address, 300)).toMatchObject({ allowed: false });
    redis.thaw();
    await expect.poll(async () => (await take(other, 0)).remaining, { ...patiently, interval: 300 }).toBeLessThan(200);
  });

  test('without Redis each router counts for itself at once, and shares when it is back', async () => {
    const one = await limiter();
    heard.splice(0);
    await redis.stop();
    await expect
      .poll(() => heard, patiently)
      .toContain('Rate limits are counted by this router alone until Redis can be reached');
    expect(takeNow(one, guest, address, 600)).toMatchObject({ allowed: true });
    expect(takeNow(one, guest, address, 600)).toMatchObject({ allowed: false });
    await redis.start();
    await expect.poll(() => heard, patiently).toContain('Rate limits are counted together again');
    takeNow(one, guest, address, 1);
    await expect.poll(spentTogether, patiently).toBeGreaterThan(500);
    const other = await limiter();
    expect((await take(other, 600)).allowed).toBe(false);
    expect(heard.filter((event) => event.includes('alone'))).toHaveLength(1);
  });

  test('a router that starts without Redis counts for itself', async () => {
    const shared = redisAccounts('redis://127.0.0.1:1', logger);
    const one = new RateLimiter({ budgets, shared });
    opened.push(one, shared);
    expect(takeNow(one, guest, address, 100)).toMatchObject({ allowed: true });
    expect(takeNow(one, guest, address, 1)).toMatchObject({ allowed: false });
  });
});
