import { createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { readToken } from './compact-token.ts';
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
  aud: z.string(),
  exp: z.number(),
  iat: z.number(),
  kind: z.enum(['guest', 'customer', 'staff', 'partner', 'service']),
  scopes: z.array(z.string()),
});

/** Seconds that the clocks of two machines may differ. */
const clockSkewSeconds = 5;

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

      const { viewer, expiresAt } = verifyToken(token, audience, keys);
      verified.set(token, { viewer, expiresAt });
      return viewer;
    },
  };
}

function verifyToken(token: string, audience: string, keys: ReadonlyMap<string, KeyObject>) {
  const read = readToken(token);
  const { success, data } = claims.safeParse(read?.claims);
  if (!read || !success) throw notValid();
  const { iss, sub, aud, kind, scopes, iat, exp } = data;
  const key = keys.get(iss);
  if (!key) throw unauthenticated(`No key is known for the caller ${JSON.stringify(iss)}.`);
  const isOver = exp <= Math.floor(Date.now() / 1000) - clockSkewSeconds;
  if (!read.isSignedBy(key) || aud !== audience || isOver) throw notValid();
  if (exp - iat > tokenLifetime) throw unauthenticated(`A token may live ${tokenLifetime} seconds at most.`);
  if (iss !== mayVouchForOthers && !(kind === 'service' && sub === iss)) {
    throw unauthenticated(`${iss} may only speak for itself.`);
  }
  const viewer: Viewer =
    kind === 'service' ? { kind, id: iss, scopes: [`service:${iss}`] } : { kind, id: sub || null, scopes };
  return { viewer, expiresAt: exp * 1000 };
}

const notValid = () => unauthenticated('The token of this call is not valid here.');
