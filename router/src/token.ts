import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { clientKeys, clientTokenClaims } from './identity/development.ts';

export interface TokenRequest {
  readonly dataDir: string;
  readonly scopes: readonly string[];
  readonly kind: 'staff' | 'customer' | 'partner';
  /** Whose token it is: a staff, customer or partner id. */
  readonly subject: string;
  /** How long it holds, such as `8h`, `30m` or `7 days`. */
  readonly expires: string;
}

/** A bearer token for clients of the router that runs on this data folder. */
export async function issueToken({ dataDir, scopes, kind, subject, expires }: TokenRequest): Promise<string> {
  const { privateKey } = clientKeys(dataDir);
  return new SignJWT({ kind, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(clientTokenClaims.issuer)
    .setAudience(clientTokenClaims.audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(createPrivateKey({ key: privateKey, format: 'jwk' }));
}
