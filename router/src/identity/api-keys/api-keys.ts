import { timingSafeEqual } from 'node:crypto';
import { Listener } from '@mercato/live';
import type { Logger } from '@mercato/telemetry';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { type Belief, type Client, withoutServices } from '../client.ts';
import { cannotBeChecked, invalidToken } from '../failures.ts';
import { hashOf, idIn, type KeyText } from './key-text.ts';
import { Lookups } from './lookups.ts';
import { findApiKeys, type StoredApiKey, saveUses } from './store.ts';
import { Uses } from './uses.ts';

export interface ApiKeys {
  /** @throws GraphQLError UNAUTHENTICATED for a key that does not hold, SERVICE_UNAVAILABLE while that cannot be told */
  resolve(text: KeyText): Promise<Belief>;
  /** Saves when keys were last used, now and not within the minute. */
  saveUses(): Promise<void>;
  close(): Promise<void>;
}

export interface ApiKeysOptions {
  /** The router's own database. It need not be up: until it is, keys cannot be told. */
  readonly databaseUrl: string;
  readonly logger: Logger;
}

/** How long a key is believed without another look. A change is heard of at once; this is for who does not hear. */
const believedForMs = 30_000;
/** How long a key that held is believed while the database cannot be asked. */
const believedWithoutDatabaseMs = 10 * 60_000;
/** How often the database is tried for a key that is believed without it. */
const triedAgainMs = 5_000;
const usesSavedEveryMs = 60_000;
const statementTimeoutMs = 2_000;

interface Known {
  readonly stored: StoredApiKey;
  readonly belief: Belief;
  /** When the database said so, in ms since the epoch. */
  readonly saidAt: number;
}

/** Believes the API keys of the router's database, with most of what that needs kept in this process. */
export function openApiKeys({ databaseUrl, logger }: ApiKeysOptions): ApiKeys {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 2,
    application_name: 'mercato-router',
    connectionTimeoutMillis: statementTimeoutMs,
    query_timeout: statementTimeoutMs,
    keepAlive: true,
  });
  pool.on('error', (error) => logger.debug({ err: error }, 'An idle connection to the API keys was lost'));
  const uses = new Uses();
  // Apart, so that guesses cannot push out what is known of real keys.
  const known = new LRUCache<string, Known>({
    max: 10_000,
    dispose({ belief }, id) {
      belief.until = 0;
      uses.keep(id, belief);
    },
  });
  const unknown = new LRUCache<string, number>({ max: 10_000 });
  let changes = 0;
  const lookAgain = () => {
    changes += 1;
    for (const { belief } of known.values()) belief.until = 0;
  };
  const listener = new Listener({
    databaseUrl,
    channel: 'api_key_changed',
    logger,
    onNotification(id) {
      changes += 1;
      known.delete(id);
    },
    onRecovered: lookAgain,
  });
  listener.listening().then(lookAgain, (error: unknown) => {
    logger.warn({ err: error }, 'Changes of API keys are not heard of yet');
  });
  const lookups = new Lookups(
    (ids) => findApiKeys(pool, ids),
    (error) => logger.warn({ err: error }, 'API keys cannot be looked up'),
  );

  /** What the database says of an id. Believed no further when something changed while it spoke. */
  const look = async (id: string): Promise<Known | undefined> => {
    const before = changes;
    const now = Date.now();
    const stored = await lookups.find(id);
    if (!stored) {
      unknown.set(id, now);
      return undefined;
    }
    const client = clientOf(stored);
    const until = before === changes ? Math.min(now + believedForMs, client.expiresAt) : now;
    // What was said while something changed is not worth keeping for when the database is away.
    const saidAt = before === changes ? now : 0;
    const fresh: Known = { stored, saidAt, belief: { client, until, usedAt: 0 } };
    known.set(id, fresh);
    return fresh;
  };

  const find = async (id: string): Promise<Known | undefined> => {
    const now = Date.now();
    const last = known.get(id);
    if (last && now < last.belief.until) return last;
    if (now < (unknown.get(id) ?? 0) + believedForMs) return undefined;
    try {
      return await look(id);
    } catch (error) {
      // Not `last`: it may have been taken back while the database was asked.
      const held = known.get(id);
      if (!held || now >= held.saidAt + believedWithoutDatabaseMs) throw cannotBeChecked('API key', error);
      held.belief.until = Math.min(now + triedAgainMs, held.belief.client.expiresAt);
      return held;
    }
  };

  const flush = () => uses.save(known, (map) => saveUses(pool, map), logger);
  const timer = setInterval(flush, usesSavedEveryMs).unref();

  return {
    async resolve(text) {
      const id = idIn(text);
      if (id === undefined) throw invalidToken('The API key is not valid: it is mistyped or not whole.');
      const key = await find(id);
      if (!key || !timingSafeEqual(hashOf(text), key.stored.hash)) throw invalidToken('The API key is not valid.');
      if (key.stored.revokedAt) throw invalidToken('The API key was revoked.');
      if (key.belief.client.expiresAt <= Date.now()) throw invalidToken('The API key has expired.');
      key.belief.usedAt = Date.now();
      return key.belief;
    },
    saveUses: flush,
    async close() {
      clearInterval(timer);
      await listener.close();
      await flush();
      await pool.end();
    },
  };
}

const clientOf = ({ id, kind, ownerId, scopes, expiresAt }: StoredApiKey): Client => ({
  viewer: { kind, id: ownerId, scopes: withoutServices(scopes) },
  credentialId: id,
  expiresAt: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
});
