import type { Viewer } from '@mercato/auth';
import type { Logger } from '@mercato/telemetry';
import { LRUCache } from 'lru-cache';
import type { ApiKeys } from './api-keys/api-keys.ts';
import { isApiKey } from './api-keys/key-text.ts';
import { type Belief, type Client, guestClient } from './client.ts';
import { invalidToken } from './failures.ts';
import type { TrustedIssuer } from './tokens/issuer.ts';
import { createTokenReader } from './tokens/tokens.ts';

/**
 * Tells from a request's `Authorization` header who asks: a guest without one. What was seen lately is told at once,
 * without a promise.
 *
 * Both reject with GraphQLError UNAUTHENTICATED (401) for a credential that does not hold, SERVICE_UNAVAILABLE (503) for one
 * that cannot be checked now.
 */
export interface Identity {
  identify(authorization: string | undefined): Viewer | Promise<Viewer>;
  /** The same, with the credential's name and end. */
  recognize(authorization: string | undefined): Client | Promise<Client>;
}

export interface IdentityOptions {
  /** Believed too; whoever opened them closes them. */
  readonly apiKeys?: ApiKeys | undefined;
  readonly logger?: Logger | undefined;
}

/** How long, in milliseconds, a checked token is believed without another look. */
const believedFor = 60_000;

/** Characters of an Authorization header: tokens are one or two thousand. */
const longest = 8 * 1024;

/** Characters of the headers that are remembered, together. */
const remembered = 16 * 1024 * 1024;

/** Believes JSON Web Tokens of the issuers named, and API keys where there are any. */
export function createIdentity(issuers: readonly TrustedIssuer[], { apiKeys, logger }: IdentityOptions = {}): Identity {
  // Found by the whole header: nothing is parsed for one that was seen. A look-up tells by its time no more than whether
  // a hash with a seed of this process' own fits.
  const beliefs = new LRUCache<string, Belief>({
    max: 20_000,
    maxSize: remembered,
    sizeCalculation: (_belief, authorization) => authorization.length,
  });
  const learning = new Map<string, Promise<Client>>();
  let age = 0;
  const readToken = createTokenReader(issuers, {
    keysChanged() {
      age += 1;
      beliefs.clear();
    },
    logger,
  });

  const recognize = (authorization: string | undefined): Client | Promise<Client> => {
    if (authorization === undefined || authorization === '') return guestClient;
    const known = beliefs.get(authorization);
    if (known !== undefined) {
      const now = Date.now();
      if (now < known.until) {
        known.usedAt = now;
        return known.client;
      }
    }
    // Requests that come at once with one credential have it checked once.
    const running = learning.get(authorization);
    if (running) return running;
    const fresh = learn(authorization).finally(() => learning.delete(authorization));
    learning.set(authorization, fresh);
    return fresh;
  };

  const learn = async (authorization: string): Promise<Client> => {
    const credential = credentialIn(authorization);
    const before = age;
    const belief = isApiKey(credential) ? await believeKey(credential) : await believeToken(credential);
    // Keys that changed meanwhile may have been those that it was checked with.
    if (before === age) beliefs.set(authorization, belief);
    return belief.client;
  };

  const believeKey = (key: string): Promise<Belief> => {
    if (!apiKeys) throw invalidToken('API keys are not taken here.');
    return apiKeys.resolve(key);
  };

  const believeToken = async (token: string): Promise<Belief> => {
    const client = await readToken(token);
    const now = Date.now();
    return { client, until: Math.min(now + believedFor, client.expiresAt), usedAt: now };
  };

  return {
    recognize,
    identify(authorization) {
      const client = recognize(authorization);
      return client instanceof Promise ? client.then(({ viewer }) => viewer) : client.viewer;
    },
  };
}

function credentialIn(authorization: string): string {
  if (authorization.length > longest) {
    throw invalidToken(`The Authorization header is too long: ${longest} characters at most.`);
  }
  const credential = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (!credential) throw invalidToken('The Authorization header wants "Bearer <token>", once.');
  return credential;
}
