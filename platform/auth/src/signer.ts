import { createPrivateKey } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { writeToken } from './compact-token.ts';
import type { PrivateKey } from './keys.ts';
import type { Viewer } from './viewer.ts';

/** Seconds a token lives. A token is used again for half of that, so that a call always has the other half to arrive. */
export const tokenLifetime = 60;

export interface ViewerSigner {
  /** A token that lets the named subgraph believe who asks. Callers without a viewer speak as themselves. */
  sign(audience: string, viewer?: Viewer): string;
}

/** Signs as one caller: the router for any viewer, a service for itself only (subgraphs refuse anything else). */
export function createViewerSigner(issuer: string, key: PrivateKey): ViewerSigner {
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  const self: Viewer = { kind: 'service', id: issuer, scopes: [`service:${issuer}`] };
  const signed = new LRUCache<string, string>({ max: 10_000, ttl: (tokenLifetime / 2) * 1000 });

  return {
    sign(audience, viewer = self) {
      const cacheKey = JSON.stringify([audience, viewer.kind, viewer.id, viewer.scopes]);
      const known = signed.get(cacheKey);
      if (known) return known;
      // One reading of the clock: of two, the second may be in the next second, and the token a second too long.
      const now = Math.floor(Date.now() / 1000);
      const { kind, id, scopes } = viewer;
      const claims = { kind, scopes, iss: issuer, aud: audience, sub: id ?? '', iat: now, exp: now + tokenLifetime };
      const fresh = writeToken(claims, privateKey);
      signed.set(cacheKey, fresh);
      return fresh;
    },
  };
}
