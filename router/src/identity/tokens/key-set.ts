import type { Logger } from '@mercato/telemetry';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWK,
  type JWKSCacheInput,
  type JWTVerifyGetKey,
  jwksCache,
} from 'jose';
import { Outage } from '../outage.ts';

/** The keys of an issuer cannot be had: that says nothing of its tokens. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** Keys older than this are fetched again while they are still used, */
const refreshAfterMs = 60_000;
/** and older than this before they are: a key that was taken back holds no longer. */
const refreshFirstMs = 120_000;
/** How often tokens with unknown keys can make us ask for the keys again. */
const askAgainMs = 10_000;
/** How long nobody asks an address that just failed, */
const pauseAfterFailureMs = 1_000;
/** and how long nobody waits for it while there are keys to believe. */
const noWaitAfterFailureMs = 60_000;
const timeoutMs = 3_000;
/** A key is a kilobyte or two. */
const largestAnswer = 512 * 1024;

export interface RemoteKeysOptions {
  readonly staleForMs: number;
  /** Called when the address answers with other keys than before. */
  readonly changed: () => void;
  readonly logger: Logger | undefined;
}

/**
 * The keys at an address: fetched at the first token, each minute while tokens come, and when a token names a key that
 * is not among them. While the address is down the last ones are believed, for a time.
 */
export function remoteKeys(url: string, { staleForMs, changed, logger }: RemoteKeysOptions): JWTVerifyGetKey {
  const cache: JWKSCacheInput = {};
  const outage = new Outage({
    began: (error) => logger?.warn({ err: error, url }, 'The keys of an issuer cannot be had'),
    ended: () => logger?.info({ url }, 'The keys of an issuer can be had again'),
  });
  const ask = new PausingFetch(outage);
  const keySet = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: askAgainMs,
    cacheMaxAge: staleForMs,
    [jwksCache]: cache,
    [customFetch]: (address, options) => ask.fetch(address, options),
  });
  let seen: { readonly at: number; readonly keys: string } | undefined;

  const compare = () => {
    if (cache.uat === undefined || cache.uat === seen?.at) return;
    const keys = JSON.stringify(keySet.jwks());
    if (seen && keys !== seen.keys) changed();
    seen = { at: cache.uat, keys };
  };
  return async (header, token) => {
    const age = Date.now() - (cache.uat ?? Number.NEGATIVE_INFINITY);
    if (age >= refreshAfterMs) {
      // When this fails, which is logged, the age says how long the last keys are still believed.
      const reloading = keySet.reload().then(compare, () => undefined);
      if (age >= refreshFirstMs && !ask.failedWithin(noWaitAfterFailureMs)) await reloading;
    }
    try {
      return await keySet(header, token);
    } finally {
      compare();
    }
  };
}

/** A fixed list. A key without an id is tried whatever id a token names. */
export function fixedKeys(keys: readonly JWK[]): JWTVerifyGetKey {
  const keySet = createLocalJWKSet({ keys: [...keys] });
  const ids = new Set(keys.map(({ kid }) => kid));
  return ({ kid, ...header }, token) =>
    keySet({ ...header, ...(kid !== undefined && ids.has(kid) ? { kid } : {}) }, token);
}

/** After a failure the next asks for a while get it again: tokens cannot make us hammer an address that is down. */
class PausingFetch {
  #failure: { readonly error: unknown; readonly at: number } | undefined;
  readonly #outage: Outage;

  constructor(outage: Outage) {
    this.#outage = outage;
  }

  failedWithin(ms: number): boolean {
    return this.#failure !== undefined && Date.now() < this.#failure.at + ms;
  }

  async fetch(url: string, options: RequestInit): Promise<Response> {
    if (this.failedWithin(pauseAfterFailureMs)) throw this.#failure?.error;
    try {
      const response = await this.#outage.watch(() => fetchKeys(url, options));
      this.#failure = undefined;
      return response;
    } catch (error) {
      this.#failure = { error, at: Date.now() };
      throw error;
    }
  }
}

async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, options);
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeysUnavailable(`It answers ${response.status}.`);
    }
    const text = await readAtMost(largestAnswer, response);
    // Whatever is no key set must not take the place of the one that is held.
    createLocalJWKSet(JSON.parse(text));
    return new Response(text);
  } catch (error) {
    throw error instanceof KeysUnavailable ? error : new KeysUnavailable('It gave no key set.', { cause: error });
  }
}

async function readAtMost(bytes: number, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  for await (const chunk of response.body ?? []) {
    read += chunk.byteLength;
    if (read > bytes) throw new KeysUnavailable(`Its answer is larger than ${bytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Several keys of a set may fit a token that names none: it holds when one of them made its signature. */
export async function anyKey<Result>(
  keys: JWTVerifyGetKey,
  verify: (keys: JWTVerifyGetKey) => Promise<Result>,
): Promise<Result> {
  try {
    return await verify(keys);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await verify(async () => key);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}
