import { createPublicKey } from 'node:crypto';
import type { PublicKey } from '@mercato/auth';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';

/** Who may vouch for clients, and how that is checked. */
export interface TrustedIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** The `aud` that its tokens for this router carry. */
  readonly audience: string;
  /** Where its keys are: an address of a JSON Web Key Set, or Ed25519 keys. */
  readonly keys: { readonly jwksUrl: string } | { readonly publicKeys: readonly PublicKey[] };
}

export type TokenChecker = (token: string) => Promise<JWTPayload>;

/** Seconds that clocks may differ. */
const clockTolerance = 5;

/** Signatures only: with a shared secret (HS256), whoever can check a token could make one. */
const remoteAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

export function createTokenChecker({ issuer, audience, keys }: TrustedIssuer): TokenChecker {
  const claims = { issuer, audience, clockTolerance, requiredClaims: ['exp', 'sub'] };
  if ('jwksUrl' in keys) {
    const keySet = createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: 3_000 });
    return async (token) => (await jwtVerify(token, keySet, { ...claims, algorithms: remoteAlgorithms })).payload;
  }
  const publicKeys = keys.publicKeys.map((key) => createPublicKey({ key, format: 'jwk' }));
  return async (token) => {
    for (const key of publicKeys) {
      try {
        return (await jwtVerify(token, key, { ...claims, algorithms: ['EdDSA'] })).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  };
}
