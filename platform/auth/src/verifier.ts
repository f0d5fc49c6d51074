import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { PublicKey } from './keys.ts';
import { tokenLifetime } from './signer.ts';
import { unauthenticated, type Viewer } from './viewer.ts';

export interface ViewerVerifier {
  /**
   * The viewer that an `Authorization: Bearer` value vouches for.
   * @throws GraphQLError UNAUTHENTICATED when it is missing, forged, expired, or meant for another subgraph.
   */
  verify(authorization: string | undefined): Promise<Viewer>;
}

const claims = z.object({
  iss: z.string(),
  sub: z.string(),
  exp: z.number(),
  iat: z.number(),
  kind: z.enum(['guest', 'customer', 'staff', 'partner', 'service']),
  scopes: z.array(z.string()),
});

/** Only the router has seen the client's own credentials, so only the router may speak for anyone but itself. */
const mayVouchForOthers = 'router';

/** Believes tokens for one audience, signed with Ed25519 by a caller whose public key is known. */
export function createViewerVerifier(audience: string, trusted: Readonly<Record<string, PublicKey>>): ViewerVerifier {
  const keys = new Map<string, KeyObject>(
    Object.entries(trusted).map(([caller, key]) => [caller, createPublicKey({ key, format: 'jwk' })]),
  );
  const verified = new LRUCache<string, { viewer: Viewer; expiresAt: number }>({ max: 10_000 });

  return {
    async verify(authorization) {
      const token = authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;
      if (!token) throw unauthenticated('Subgraphs answer the router and each other, not clients.');
      const known = verified.get(token);
      if (known && known.expiresAt > Date.now()) return known.viewer;

      const { viewer, expiresAt } = await verifyToken(token, audience, keys);
      verified.set(token, { viewer, expiresAt });
      return viewer;
    },
  };
}

async function verifyToken(token: string, audience: string, keys: ReadonlyMap<string, KeyObject>) {
  try {
    const issuer = decodeJwt(token).iss;
    const key = issuer === undefined ? undefined : keys.get(issuer);
    if (!key) throw unauthenticated(`No key is known for the caller ${JSON.stringify(issuer)}.`);
    const { payload } = await jwtVerify(token, key, {
      audience,
      algorithms: ['EdDSA'],
      clockTolerance: 5,
    });
    const { sub, kind, scopes, iss, iat, exp } = claims.parse(payload);
    if (exp - iat > tokenLifetime) throw unauthenticated(`A token may live ${tokenLifetime} seconds at most.`);
    if (iss !== mayVouchForOthers && !(kind === 'service' && sub === iss)) {
      throw unauthenticated(`${iss} may only speak for itself.`);
    }
    const viewer: Viewer =
      kind === 'service' ? { kind, id: iss, scopes: [`service:${iss}`] } : { kind, id: sub || null, scopes };
    return { viewer, expiresAt: exp * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) {
      throw unauthenticated('The token of this call is not valid here.');
    }
    throw error;
  }
}
