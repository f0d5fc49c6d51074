import { guest, type Viewer } from '@mercato/auth';
import { decodeJwt, errors, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { invalidToken, tokenCannotBeChecked } from './failures.ts';
import { createTokenChecker, type TokenChecker, type TrustedIssuer } from './issuer.ts';

/** Tells from a request's `Authorization` header who asks. */
export interface Identity {
  /**
   * A guest without the header.
   * @throws GraphQLError UNAUTHENTICATED (401) with a token that does not hold, SERVICE_UNAVAILABLE (503) with one that cannot be
   * checked now.
   */
  identify(authorization: string | undefined): Promise<Viewer>;
}

const claims = z.object({
  sub: z.string().min(1),
  // Never "service": services sign their own calls, and no client's token may stand for one.
  kind: z.enum(['staff', 'customer', 'partner']).default('customer'),
  scope: z.string().default(''),
  exp: z.number(),
});

/** How long, in milliseconds, a checked token is believed without another look: a key taken back holds no longer. */
const believedFor = 60_000;

/** Believes JSON Web Tokens of the issuers named, each by its own keys, audience and algorithms. */
export function createIdentity(issuers: readonly TrustedIssuer[]): Identity {
  const checkers = new Map(issuers.map((issuer) => [issuer.issuer, createTokenChecker(issuer)]));
  const known = new LRUCache<string, Viewer>({ max: 10_000 });

  return {
    async identify(authorization) {
      if (authorization === undefined || authorization === '') return guest;
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (!token) throw invalidToken('The Authorization header wants "Bearer <token>".');
      const before = known.get(token);
      if (before) return before;

      const { exp, viewer } = viewerOf(await check(token, checkers));
      const ttl = Math.min(believedFor, exp * 1000 - Date.now());
      if (ttl > 0) known.set(token, viewer, { ttl });
      return viewer;
    },
  };
}

async function check(token: string, checkers: ReadonlyMap<string, TokenChecker>): Promise<JWTPayload> {
  try {
    const { iss } = decodeJwt(token);
    const checker = iss === undefined ? undefined : checkers.get(iss);
    if (!checker) throw invalidToken('The token is not from an issuer that is trusted here.');
    return await checker(token);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw invalidToken('The token has expired; get a new one.');
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw invalidToken(`The token is not valid here: its "${error.claim}" claim does not fit.`);
    }
    // Keys that could not be fetched say nothing of the token.
    if (error instanceof errors.JWKSTimeout || isUnreachable(error)) throw tokenCannotBeChecked(error);
    if (error instanceof errors.JOSEError) throw invalidToken('The token is not valid.');
    throw error;
  }
}

/** What `fetch` throws without an answer, and jose on one that is not 200. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');

function viewerOf(payload: JWTPayload): { viewer: Viewer; exp: number } {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) {
    const claim = String(parsed.error.issues[0]?.path[0] ?? 'sub');
    throw invalidToken(`The token is not valid here: its "${claim}" claim does not fit.`);
  }
  const { sub, kind, scope, exp } = parsed.data;
  // Scopes of services open what is hidden from every client.
  const scopes = scope.split(' ').filter((name) => name !== '' && !name.startsWith('service:'));
  return { viewer: { kind, id: sub, scopes }, exp };
}
