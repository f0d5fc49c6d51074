import { createLogger } from '@mercato/telemetry';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createIdentity } from '../src/index.ts';
import {
  audience,
  type IssuerKey,
  type IssuerServer,
  issuerKey,
  issuerName,
  issuerServer,
} from './identity/issuer-server.ts';

let first: IssuerKey;
let second: IssuerKey;
let server: IssuerServer;
beforeAll(async () => {
  first = await issuerKey('first');
  second = await issuerKey('second', 'RS256');
});
beforeEach(async () => {
  server = await issuerServer([first]);
  // The clock alone: what waits for the network waits in earnest.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
const router = (more: { keysStaleForSeconds?: number } = {}) =>
  createIdentity([{ issuer: issuerName, audience, keys: { jwksUrl: server.jwksUrl }, ...more }]);
/** Of its own: none that was seen before. */
const bearer = async (key: IssuerKey) => {
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  return `Bearer ${await key.sign({ jti: crypto.randomUUID(), exp })}`;
};
const holds = (identity: ReturnType<typeof router>, authorization: string) =>
  expect(Promise.resolve(identity.identify(authorization))).resolves.toMatchObject({ id: 'customer_1' });
const refuses = (identity: ReturnType<typeof router>, authorization: string, code = 'UNAUTHENTICATED') =>
  expect(Promise.resolve(identity.identify(authorization))).rejects.toMatchObject({ extensions: { code } });

describe('rotation', () => {
  test('a token of a new key makes every router ask again, once in ten seconds whatever tokens come', async () => {
    const routers = [router(), router()];
    for (const one of routers) await holds(one, await bearer(first));
    server.keys = [first, second];
    later(11);
    for (const one of routers) await holds(one, await bearer(second));
    expect(server.asked).toBe(4);

    const stranger = await issuerKey('stranger');
    for (const one of routers) {
      await Promise.all(Array.from({ length: 50 }, async () => refuses(one, await bearer(stranger))));
    }
    expect(server.asked).toBe(4);
    later(11);
    for (const one of routers) {
      await Promise.all(Array.from({ length: 50 }, async () => refuses(one, await bearer(stranger))));
    }
    expect(server.asked).toBe(6);
  });

  test('requests that come at once with fresh tokens ask for the keys once', async () => {
    const identity = router();
    await Promise.all(Array.from({ length: 50 }, async () => holds(identity, await bearer(first))));
    expect(server.asked).toBe(1);
  });

  test('a key that was taken back holds two minutes at most, also for tokens that were believed', async () => {
    const identity = router();
    const old = await bearer(first);
    await holds(identity, old);
    server.keys = [second];
    later(119);
    // Old keys are used while new ones are fetched,
    const late = await bearer(first);
    await holds(identity, late);
    // and from then on neither this token nor any other of theirs holds, though the clock stands.
    for (const believed of [late, old]) {
      await expect
        .poll(async () =>
          Promise.resolve(identity.identify(believed)).then(
            () => 'holds',
            () => 'refused',
          ),
        )
        .toBe('refused');
    }
    expect(server.asked).toBe(2);
    await refuses(identity, await bearer(first));
    await holds(identity, await bearer(second));
  });

  test('without a token in between, the first after two minutes waits for new keys', async () => {
    const identity = router();
    await holds(identity, await bearer(first));
    server.keys = [second];
    later(121);
    await refuses(identity, await bearer(first));
  });
});

describe('an address that fails', () => {
  const faults: [string, IssuerServer['fault']][] = [
    ['is down', { status: 500, body: '{}' }],
    ['answers with a page', { status: 200, body: '<html>Sign in</html>' }],
    ['answers with JSON that is no key set', { status: 200, body: '{"keys":{"kid":"first"}}' }],
    ['sends elsewhere', { status: 302, body: '' }],
    ['answers without end', { status: 200, body: `{"keys":[],"x":"${'x'.repeat(600_000)}"}` }],
  ];
  test.each(faults)('%s: the last keys hold for an hour, and are 503 then, not 401', async (_what, fault) => {
    const identity = router();
    const seen = await bearer(first);
    await holds(identity, seen);
    server.fault = fault;
    later(3_500);
    await holds(identity, seen);
    await holds(identity, await bearer(first));
    await refuses(identity, await bearer(second), 'SERVICE_UNAVAILABLE');
    later(120);
    await refuses(identity, await bearer(first), 'SERVICE_UNAVAILABLE');
    server.fault = undefined;
    later(2);
    await holds(identity, await bearer(first));
  });

  test('how long they hold is a setting', async () => {
    const identity = router({ keysStaleForSeconds: 300 });
    await holds(identity, await bearer(first));
    server.fault = { status: 503, body: '' };
    later(299);
    await holds(identity, await bearer(first));
    later(2);
    await refuses(identity, await bearer(first), 'SERVICE_UNAVAILABLE');
  });

  test('is not hammered: tokens that come while it is down ask once a second, and it is told once', async () => {
    const told: string[] = [];
    const logger = createLogger({ name: 'test', destination: { write: (line) => told.push(JSON.parse(line).msg) } });
    const identity = createIdentity([{ issuer: issuerName, audience, keys: { jwksUrl: server.jwksUrl } }], { logger });
    server.fault = { status: 500, body: '' };
    for (let at = 0; at < 20; at += 1) await refuses(identity, await bearer(first), 'SERVICE_UNAVAILABLE');
    expect(server.asked).toBe(1);
    later(2);
    await refuses(identity, await bearer(first), 'SERVICE_UNAVAILABLE');
    expect(server.asked).toBe(2);
    server.fault = undefined;
    later(2);
    await holds(identity, await bearer(first));
    expect(told).toEqual(['The keys of an issuer cannot be had', 'The keys of an issuer can be had again']);
  });

  test('never answers: given up after three seconds, and nobody else waits while there are keys', async () => {
    const identity = router();
    await holds(identity, await bearer(first));
    server.fault = 'silent';
    later(180);
    const start = performance.now();
    await holds(identity, await bearer(first));
    const waited = performance.now() - start;
    expect(waited).toBeGreaterThan(2_500);
    expect(waited).toBeLessThan(6_000);

    later(2);
    const again = performance.now();
    await holds(identity, await bearer(first));
    expect(performance.now() - again).toBeLessThan(1_000);
  });
});
