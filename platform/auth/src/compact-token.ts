import { type KeyObject, sign, verify } from 'node:crypto';

/**
 * JSON Web Tokens in their compact form, RFC 7515, of Ed25519 alone, RFC 8037: what callers of subgraphs sign with. Signed and
 * checked here and now: on its way through promises and another thread, as libraries do it, a token costs more than all the
 * rest of a short call.
 */
export function writeToken(claims: Readonly<Record<string, unknown>>, key: KeyObject): string {
  const text = `${header}.${encoded(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

export interface ReadToken {
  /** As it says; nothing of it holds unless it is signed by whom it should be. */
  readonly claims: unknown;
  isSignedBy(key: KeyObject): boolean;
}

/** @returns undefined for what is no such token */
export function readToken(token: string): ReadToken | undefined {
  const [first, payload, signature, ...more] = token.split('.');
  // No other algorithm, no key of its own and nothing else that a header may ask for is even looked at.
  if (first !== header || !payload || !signature || more.length > 0) return undefined;
  const claims = decoded(payload);
  if (claims === undefined) return undefined;
  return {
    claims,
    isSignedBy: (key) => verify(null, Buffer.from(`${first}.${payload}`), key, Buffer.from(signature, 'base64url')),
  };
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const header = encoded({ alg: 'EdDSA' });

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
