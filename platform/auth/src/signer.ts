import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { PrivateKey } from './keys.ts';
import type { Viewer } from './viewer.ts';

/** Seconds a token lives. A token is used again for half of that, so that a call always has the other half to arrive. */
export const tokenLifetime = 60;

export interface ViewerSigner {
  /** A token that lets the named subgraph believe who asks. Callers without a viewer speak as themselves. */
  sign(audience: string, viewer?: Viewer): Promise<string>;
}

/** Signs as one caller: the router for any viewer, a service for itself only (subgraphs refuse anything else). */
export function createViewerSigner(issuer: string, key: PrivateKey): ViewerSigner {
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  const self: Viewer = { kind: 'service', id: issuer, scopes: [`service:${issuer}`] };
  const signed = new LRUCache<string, Promise<string>>({ max: 10_000, ttl: (tokenLifetime / 2) * 1000 });

  return {
    sign(audience, viewer = self) {
      const cacheKey = JSON.stringify([audience, viewer.kind, viewer.id, viewer.scopes]);
      const known = signed.get(cacheKey);
      if (known) return known;
      // One reading of the clock: of two, the second may be in the next second, and the token a second too long.
      const now = Math.floor(Date.now() / 1000);
      const fresh = new SignJWT({ kind: viewer.kind, scopes: viewer.scopes })
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(viewer.id ?? '')
        .setIssuedAt(now)
        .setExpirationTime(now + tokenLifetime)
        .sign(privateKey);
      signed.set(cacheKey, fresh);
      return fresh;
    },
  };
}
