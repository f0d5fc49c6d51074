import { timingSafeEqual } from 'node:crypto';
import { Listener } from '@mercato/live';
import type { Logger } from '@mercato/telemetry';
import pg from 'pg';
import type { Belief } from '../client.ts';
import { cannotBeChecked, invalidToken } from '../failures.ts';
import { Outage } from '../outage.ts';
import { hashOf, idIn, type KeyText } from './key-text.ts';
import { type KnownKey, KnownKeys } from './known-keys.ts';
import { findApiKeys, saveUses } from './store.ts';
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

const usesSavedEveryMs = 60_000;
const statementTimeoutMs = 3_000;

/** Believes the API keys of the router's database. */
export function openApiKeys({ databaseUrl, logger }: ApiKeysOptions): ApiKeys {
  const pool = connect(databaseUrl, logger);
  const uses = new Uses();
  const outage = new Outage({
    began: (error) => logger.warn({ err: error }, 'API keys cannot be looked up'),
    ended: () => logger.info('API keys can be looked up again'),
  });
  const known = new KnownKeys({
    find: (ids) => outage.watch(() => findApiKeys(pool, ids)),
    dropped: (id, belief) => uses.keep(id, belief),
  });
  const listener = new Listener({
    databaseUrl,
    channel: 'api_key_changed',
    logger,
    onNotification: (id) => known.changed(id),
    onRecovered: () => known.lookAgain(),
  });
  listener.listening().then(
    () => known.lookAgain(),
    (error: unknown) => logger.warn({ err: error }, 'Changes of API keys are not heard of yet'),
  );
  const save = () => uses.save(known.beliefs(), (map) => saveUses(pool, map), logger);
  const timer = setInterval(save, usesSavedEveryMs).unref();

  return {
    async resolve(text) {
      const id = idIn(text);
      if (id === undefined) throw invalidToken('The API key is not valid: it is mistyped or not whole.');
      const key = await known.find(id).catch((error: unknown) => {
        throw cannotBeChecked('API key', error);
      });
      return checked(key, text);
    },
    saveUses: save,
    async close() {
      clearInterval(timer);
      await listener.close();
      await save();
      await pool.end();
    },
  };
}

function checked(key: KnownKey | undefined, text: KeyText): Belief {
  if (!key || !timingSafeEqual(hashOf(text), key.stored.hash)) throw invalidToken('The API key is not valid.');
  if (key.stored.revokedAt) throw invalidToken('The API key was revoked.');
  const now = Date.now();
  if (key.belief.client.expiresAt <= now) throw invalidToken('The API key has expired.');
  key.belief.usedAt = now;
  return key.belief;
}

function connect(databaseUrl: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 2,
    application_name: 'mercato-router',
    connectionTimeoutMillis: statementTimeoutMs,
    query_timeout: statementTimeoutMs,
    keepAlive: true,
  });
  pool.on('error', (error) => logger.debug({ err: error }, 'An idle connection to the API keys was lost'));
  return pool;
}
