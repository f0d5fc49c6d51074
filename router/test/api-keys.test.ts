import { crc32 } from 'node:zlib';
import { type TestDatabase, testDatabase, testLogger } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newApiKey } from '../src/identity/api-keys/key-text.ts';
import { insertApiKey, type StoredApiKey } from '../src/identity/api-keys/store.ts';
import { type ApiKeys, createIdentity, type Identity, openApiKeys } from '../src/index.ts';
import { type DatabaseProxy, databaseProxy } from './identity/database-proxy.ts';

let database: TestDatabase;
let sql: pg.Pool;
let proxy: DatabaseProxy;
let routers: { readonly identity: Identity; readonly apiKeys: ApiKeys }[];

beforeAll(async () => {
  database = await testDatabase('router');
  sql = new pg.Pool({ connectionString: database.url, max: 4 });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});
beforeEach(async () => {
  proxy = await databaseProxy(database.url);
  routers = [1, 2].map(() => {
    const apiKeys = openApiKeys({ databaseUrl: proxy.url, logger: testLogger('router') });
    return { identity: createIdentity([], { apiKeys }), apiKeys };
  });
  await expect.poll(listeners).toBe(2);
  // The clock alone: what waits for the network waits in earnest.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  proxy.mend();
  for (const { apiKeys } of routers) await apiKeys.close();
  await proxy.close();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

async function listeners(): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
  );
  return rows[0]?.count ?? 0;
}

async function created(more: Partial<StoredApiKey> = {}): Promise<{ id: string; bearer: string }> {
  const { id, hash, text } = newApiKey();
  const defaults = {
    name: 'Acme feed',
    kind: 'partner',
    ownerId: 'partner_acme',
    scopes: ['a:b'],
    expiresAt: null,
  } as const;
  await insertApiKey(sql, { ...defaults, ...more, id, hash });
  return { id, bearer: `Bearer ${text}` };
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secret = newApiKey().text.slice(35, 67);
let forgeries = 0;

/** A key that was never made, or another secret for one that was: of the right form, as everybody can compute. */
function forged(id?: string): string {
  forgeries += 1;
  const suffix = id?.slice('key_'.length) ?? forgeries.toString(10).padStart(26, '0');
  const head = `mercato_${suffix}_${secret}`;
  let rest = crc32(head);
  let checksum = '';
  for (let at = 0; at < 6; at += 1) {
    checksum = alphabet.charAt(rest % 62) + checksum;
    rest = Math.floor(rest / 62);
  }
  return `Bearer ${head}${checksum}`;
}

const router = (index = 0): { readonly identity: Identity; readonly apiKeys: ApiKeys } => {
  const found = routers[index];
  if (!found) throw new Error(`There is no router ${index}.`);
  return found;
};
const outcome = (bearer: string, index = 0): Promise<string> =>
  Promise.resolve(router(index).identity.identify(bearer)).then(
    () => 'holds',
    (error: { extensions: { code: string } }) => error.extensions.code,
  );
const lastUse = async (id: string): Promise<Date | null> =>
  (await sql.query<{ at: Date | null }>('SELECT last_used_at AS at FROM api_key WHERE id = $1', [id])).rows[0]?.at ??
  null;

test('a key is its owner with its scopes, and after the first request is told without a promise', async () => {
  const { id, bearer } = await created({ scopes: ['inventory:count', 'service:cart'] });
  const client = {
    viewer: { kind: 'partner', id: 'partner_acme', scopes: ['inventory:count'] },
    credentialId: id,
    expiresAt: Number.POSITIVE_INFINITY,
  };
  expect(await router().identity.recognize(bearer)).toEqual(client);
  expect(router().identity.recognize(bearer)).toEqual(client);
  expect(router().identity.identify(bearer)).toEqual(client.viewer);
});

test('keys of staff are staff', async () => {
  const { bearer } = await created({ kind: 'staff', ownerId: 'staff_ada' });
  expect(await router().identity.identify(bearer)).toMatchObject({ kind: 'staff', id: 'staff_ada' });
});

describe('is refused', () => {
  test('a key that nobody made, another secret for one that is there, an expired and a revoked one', async () => {
    const { id, bearer } = await created();
    expect(await outcome(bearer)).toBe('holds');
    const expired = await created({ expiresAt: new Date(Date.now() - 1_000) });
    const revoked = await created();
    await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [revoked.id]);
    for (const refused of [forged(), forged(id), expired.bearer, revoked.bearer]) {
      await expect(Promise.resolve(router().identity.identify(refused))).rejects.toMatchObject({
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    }
    await expect(Promise.resolve(router().identity.identify(expired.bearer))).rejects.toThrow('has expired');
    await expect(Promise.resolve(router().identity.identify(revoked.bearer))).rejects.toThrow('was revoked');
  });

  test('a mistyped key without asking the database', async () => {
    const { bearer } = await created();
    proxy.cut();
    expect(await outcome(`${bearer.slice(0, -1)}-`)).toBe('UNAUTHENTICATED');
    expect(await outcome(bearer.slice(0, -1))).toBe('UNAUTHENTICATED');
    expect(await outcome(bearer)).toBe('SERVICE_UNAVAILABLE');
  });

  test('a key at the moment when it expires, also while it is believed', async () => {
    const { bearer } = await created({ expiresAt: new Date(Date.now() + 10_000) });
    expect(await outcome(bearer)).toBe('holds');
    later(9);
    expect(router().identity.identify(bearer)).toMatchObject({ kind: 'partner' });
    later(2);
    expect(await outcome(bearer)).toBe('UNAUTHENTICATED');
  });

  test('any key where there is no database', async () => {
    const { bearer } = await created();
    await expect(Promise.resolve(createIdentity([]).identify(bearer))).rejects.toThrow('API keys are not taken here');
  });
});

describe('a change', () => {
  test('revocation holds in about a second on every router, for keys in full use', async () => {
    const { id, bearer } = await created();
    expect([await outcome(bearer), await outcome(bearer, 1)]).toEqual(['holds', 'holds']);
    const start = performance.now();
    await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id]);
    for (const index of [0, 1]) {
      await expect.poll(() => outcome(bearer, index), { interval: 5, timeout: 5_000 }).toBe('UNAUTHENTICATED');
    }
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('what the database said before a key was revoked, and is heard after, is not kept', async () => {
    const { id, bearer } = await created();
    const witness = await created();
    expect(await outcome(witness.bearer)).toBe('holds');
    const { held, release } = proxy.holdAnswers();
    const overtaken = outcome(bearer);
    await expect.poll(held).toBeGreaterThan(0);
    await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id]);
    // Notifications come in order: once the second has its effect, the first was heard.
    await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [witness.id]);
    const asked: unknown[] = [];
    await expect
      .poll(() => {
        const answer = router().identity.recognize(witness.bearer);
        asked.push(answer);
        return answer instanceof Promise;
      })
      .toBe(true);
    release();
    await Promise.allSettled([overtaken, ...asked]);
    expect(await outcome(bearer)).toBe('UNAUTHENTICATED');
  });

  test('keys that are revoked while many ask for them are refused soon after', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, bearer } = await created();
      const racing = Array.from({ length: 20 }, (_, index) => outcome(bearer, index % 2));
      await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id]);
      await Promise.all(racing);
      for (const index of [0, 1]) {
        await expect.poll(() => outcome(bearer, index), { interval: 5, timeout: 2_000 }).toBe('UNAUTHENTICATED');
      }
    }
  });

  test('of scopes is taken over, a deleted key is gone', async () => {
    const { id, bearer } = await created({ scopes: ['a:b'] });
    expect(await outcome(bearer)).toBe('holds');
    await sql.query(`UPDATE api_key SET scopes = '{c:d}' WHERE id = $1`, [id]);
    await expect.poll(async () => (await router().identity.identify(bearer)).scopes).toEqual(['c:d']);
    await sql.query('DELETE FROM api_key WHERE id = $1', [id]);
    await expect.poll(() => outcome(bearer)).toBe('UNAUTHENTICATED');
  });
});

describe('without its database', () => {
  test('keys that held are believed for ten minutes, others are 503 and not 401', async () => {
    const { bearer } = await created();
    const unseen = await created();
    expect(await outcome(bearer)).toBe('holds');
    proxy.cut();
    for (let minute = 0; minute < 9; minute += 1) {
      later(60);
      expect(await outcome(bearer)).toBe('holds');
    }
    expect(await outcome(unseen.bearer)).toBe('SERVICE_UNAVAILABLE');
    expect(await outcome(forged())).toBe('SERVICE_UNAVAILABLE');
    later(120);
    expect(await outcome(bearer)).toBe('SERVICE_UNAVAILABLE');

    proxy.mend();
    later(2);
    expect(await outcome(bearer)).toBe('holds');
    expect(await outcome(unseen.bearer)).toBe('holds');
  });

  test('nobody waits for a database that does not answer, once that is known', async () => {
    const { bearer } = await created();
    expect(await outcome(bearer)).toBe('holds');
    const { release } = proxy.holdAnswers();
    later(31);
    const first = performance.now();
    expect(await outcome(bearer)).toBe('holds');
    expect(performance.now() - first).toBeGreaterThan(2_500);
    for (let at = 0; at < 5; at += 1) {
      later(6);
      const start = performance.now();
      expect(await outcome(bearer)).toBe('holds');
      expect(performance.now() - start).toBeLessThan(1_000);
    }
    release();
  });

  test('what was revoked meanwhile is refused once it is back', async () => {
    const { id, bearer } = await created();
    expect(await outcome(bearer)).toBe('holds');
    proxy.cut();
    await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id]);
    expect(await outcome(bearer)).toBe('holds');
    proxy.mend();
    // The clock stands: nothing but the connection that is made again makes it look again.
    await expect.poll(() => outcome(bearer), { timeout: 15_000 }).toBe('UNAUTHENTICATED');
  });

  test('a key that was revoked before is not believed again', async () => {
    const { id, bearer } = await created();
    expect(await outcome(bearer)).toBe('holds');
    await sql.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id]);
    await expect.poll(() => outcome(bearer)).toBe('UNAUTHENTICATED');
    proxy.cut();
    later(60);
    expect(await outcome(bearer)).not.toBe('holds');
  });
});

test('guesses, as many as there may be, neither get in nor push out who is known', async () => {
  const { bearer } = await created();
  expect(await outcome(bearer)).toBe('holds');
  const guesses = Array.from({ length: 11_000 }, () => forged());
  const outcomes = new Set<string>();
  for (let from = 0; from < guesses.length; from += 500) {
    for (const each of await Promise.all(guesses.slice(from, from + 500).map((guess) => outcome(guess)))) {
      outcomes.add(each);
    }
  }
  expect(outcomes).toEqual(new Set(['UNAUTHENTICATED']));
  expect(router().identity.identify(bearer)).toMatchObject({ id: 'partner_acme' });

  const storm = await Promise.all(Array.from({ length: 3_000 }, () => outcome(forged())));
  expect(new Set(storm)).toEqual(new Set(['UNAUTHENTICATED', 'SERVICE_UNAVAILABLE']));
});

describe('when a key was last used', () => {
  test('is saved apart from requests, the latest of all routers, and only for who had the secret', async () => {
    const { id, bearer } = await created();
    const other = await created();
    expect(await outcome(bearer)).toBe('holds');
    later(20);
    const used = Date.now();
    expect(router().identity.identify(bearer)).toMatchObject({ kind: 'partner' });
    expect(await outcome(forged(other.id))).toBe('UNAUTHENTICATED');
    expect(await lastUse(id)).toBeNull();
    await router().apiKeys.saveUses();
    expect((await lastUse(id))?.getTime()).toBe(used);
    expect(await lastUse(other.id)).toBeNull();

    // A router whose clock is behind does not turn it back.
    later(-5);
    expect(await outcome(bearer, 1)).toBe('holds');
    await router(1).apiKeys.saveUses();
    expect((await lastUse(id))?.getTime()).toBe(used);
  });

  test('waits while the database is away, and survives the key being looked up anew', async () => {
    const { id, bearer } = await created();
    expect(await outcome(bearer)).toBe('holds');
    later(10);
    const used = Date.now();
    expect(router().identity.identify(bearer)).toMatchObject({ kind: 'partner' });
    proxy.cut();
    await router().apiKeys.saveUses();
    proxy.mend();
    await router().apiKeys.saveUses();
    expect((await lastUse(id))?.getTime()).toBe(used);
  });

  test('is saved when the router closes', async () => {
    const { id, bearer } = await created();
    expect(await outcome(bearer)).toBe('holds');
    const [first] = routers.splice(0, 1);
    await first?.apiKeys.close();
    expect(await lastUse(id)).not.toBeNull();
  });
});
