import type { JWTPayload } from 'jose';
import { type Client, withoutServices } from '../client.ts';
import { invalidToken } from '../failures.ts';
import { type ClaimPath, type ClientKind, clientKinds, type TrustedIssuer } from './issuer.ts';

/** OpenID Connect's own bound of a subject. */
const longestSubject = 255;

/** Reads an issuer's verified claims as the client they vouch for. */
export function claimsReader(issuer: TrustedIssuer, clockSkewSeconds: number): (payload: JWTPayload) => Client {
  const { kinds = ['customer'], kindClaim = 'kind', scopeClaims = ['scope', 'scp', 'permissions'] } = issuer;
  const defaultKind = issuer.defaultKind ?? (kinds.includes('customer') ? 'customer' : kinds[0]);
  const maySay = scopeFilter(issuer.scopes);

  return (payload) => {
    const { sub, exp, iat } = payload;
    if (typeof sub !== 'string' || sub === '' || sub.length > longestSubject) throw doesNotFit('sub');
    if (exp === undefined) throw doesNotFit('exp');
    if (iat !== undefined && !(iat <= Date.now() / 1000 + clockSkewSeconds)) throw doesNotFit('iat');
    const said = claimAt(payload, kindClaim);
    const kind = said === undefined ? defaultKind : clientKinds.find((known) => known === said);
    if (!isAllowed(kind, kinds)) throw doesNotFit(typeof kindClaim === 'string' ? kindClaim : kindClaim.join('.'));

    const id = `${issuer.subjectPrefix ?? ''}${sub}`;
    const scopes = new Set(scopeClaims.flatMap((claim) => namesIn(claimAt(payload, claim))));
    return {
      viewer: { kind, id, scopes: withoutServices([...scopes]).filter(maySay) },
      credentialId: `${issuer.issuer} ${sub}`,
      expiresAt: (exp + clockSkewSeconds) * 1000,
    };
  };
}

const doesNotFit = (claim: string) => invalidToken(`The token is not valid here: its "${claim}" claim does not fit.`);

const isAllowed = (kind: ClientKind | undefined, kinds: readonly ClientKind[]): kind is ClientKind =>
  kind !== undefined && kinds.includes(kind);

function claimAt(payload: JWTPayload, path: ClaimPath): unknown {
  let value: unknown = payload;
  for (const name of typeof path === 'string' ? [path] : path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** RFC 8693 writes scopes in one text with spaces; others write a list. */
function namesIn(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((name) => typeof name === 'string') : [];
}

function scopeFilter(allowed: readonly string[] | undefined): (scope: string) => boolean {
  if (!allowed) return () => true;
  const exact = new Set(allowed);
  const beginnings = allowed.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (scope) => exact.has(scope) || beginnings.some((beginning) => scope.startsWith(beginning));
}
