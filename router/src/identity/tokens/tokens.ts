import type { Logger } from '@mercato/telemetry';
import { decodeJwt, errors, type JWTVerifyGetKey } from 'jose';
import type { Client } from '../client.ts';
import { cannotBeChecked, invalidToken } from '../failures.ts';
import { claimsReader } from './claims.ts';
import { signatureAlgorithms, type TrustedIssuer } from './issuer.ts';
import { anyKey, fixedKeys, KeysUnavailable, remoteKeys } from './key-set.ts';
import { verifyToken } from './verify-token.ts';

/** What a token says of its client. @throws GraphQLError UNAUTHENTICATED or SERVICE_UNAVAILABLE */
export type TokenReader = (token: string) => Promise<Client>;

export interface TokenReaderOptions {
  /** Called when the keys of an issuer are no longer what they were. */
  readonly keysChanged: () => void;
  readonly logger: Logger | undefined;
}

/** Believes JSON Web Tokens of the issuers named, each by its own keys, audience and algorithms. */
export function createTokenReader(issuers: readonly TrustedIssuer[], options: TokenReaderOptions): TokenReader {
  const readers = new Map(issuers.map((issuer) => [issuer.issuer, issuerReader(issuer, options)]));
  return async (token) => {
    try {
      const reader = readers.get(issuerOf(token));
      if (!reader) throw invalidToken('The token is not from an issuer that is trusted here.');
      return await reader(token);
    } catch (error) {
      throw asAnswer(error);
    }
  };
}

const issuerOf = (token: string): string => decodeJwt(token).iss ?? '';

function issuerReader(issuer: TrustedIssuer, options: TokenReaderOptions): TokenReader {
  const { audience, algorithms = signatureAlgorithms, clockSkewSeconds = 5 } = issuer;
  const keys = keysOf(issuer, options);
  const read = claimsReader(issuer, clockSkewSeconds);
  const wanted = {
    issuer: issuer.issuer,
    audience: typeof audience === 'string' ? audience : [...audience],
    algorithms: [...algorithms],
    clockTolerance: clockSkewSeconds,
    requiredClaims: ['exp', 'sub'],
  };
  return async (token) => read(await anyKey(keys, (by) => verifyToken(token, by, wanted)));
}

function keysOf({ keys, keysStaleForSeconds = 3_600 }: TrustedIssuer, options: TokenReaderOptions): JWTVerifyGetKey {
  if ('publicKeys' in keys) return fixedKeys(keys.publicKeys);
  const { keysChanged: changed, logger } = options;
  return remoteKeys(keys.jwksUrl, { staleForMs: keysStaleForSeconds * 1_000, changed, logger });
}

function asAnswer(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return invalidToken('The token has expired; get a new one.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalidToken(`The token is not valid here: its "${error.claim}" claim does not fit.`);
  }
  if (error instanceof KeysUnavailable || error instanceof errors.JWKSTimeout) return cannotBeChecked('token', error);
  if (error instanceof errors.JOSEError) return invalidToken('The token is not valid.');
  return error;
}
