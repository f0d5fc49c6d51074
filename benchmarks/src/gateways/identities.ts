import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { generateKey, type PublicKey } from '@mercato/auth';

/** Who asks: always the same customer, or with every request one who was never seen before. */
export type IdentityKind = 'one' | 'distinct';

/** Issues customers' tokens, as a storefront's identity provider would. */
export interface Issuer {
  /** What our router is told to believe. */
  readonly publicKey: PublicKey;
  tokenOf(customer: string): string;
}

export function createIssuer(): Issuer {
  const { kty, crv, x, d } = generateKey();
  const key = createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' });
  return { publicKey: { kty, crv, x }, tokenOf: (customer) => token(key, customer) };
}

function token(key: KeyObject, customer: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { kind: 'customer', scope: '', iss: 'mercato:clients', aud: 'mercato', sub: customer, iat: now };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'EdDSA' })}.${part({ ...claims, exp: now + 3_600 })}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/**
 * The identities of requests, made before the clock starts.
 * @param first the index of the first request; an index is a customer
 */
export function authorizationsFor(
  identities: IdentityKind,
  { issuer, first, count }: { issuer: Issuer; first: number; count: number },
): (index: number) => string {
  if (identities === 'one') {
    const authorization = `Bearer ${issuer.tokenOf('customer_one')}`;
    return () => authorization;
  }
  const all = Array.from({ length: count }, (_, place) => `Bearer ${issuer.tokenOf(`customer_${first + place}`)}`);
  return (index) => all[index - first] ?? '';
}
