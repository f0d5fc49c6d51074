import type { JWK } from 'jose';

/** What a client may be; services sign their own calls, and no client's credential may stand for one. */
export type ClientKind = 'staff' | 'customer' | 'partner';

export const clientKinds = ['staff', 'customer', 'partner'] as const satisfies readonly ClientKind[];

/** A claim's name, or the way to it within others: `scope`, `["realm_access", "roles"]`. */
export type ClaimPath = string | readonly string[];

/** Who may vouch for clients, for whom, and how that is checked. */
export interface TrustedIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** The `aud` that its tokens for this router carry, any of them. */
  readonly audience: string | readonly string[];
  /** Where its keys are: an address of a JSON Web Key Set, or the public keys themselves. */
  readonly keys: { readonly jwksUrl: string } | { readonly publicKeys: readonly JWK[] };
  /** Signatures it may use; all of public keys unless set. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  /** Seconds that its clock and ours may differ; 5 unless set. */
  readonly clockSkewSeconds?: number | undefined;
  /** How long the keys of an address that cannot be reached are believed; an hour unless set. */
  readonly keysStaleForSeconds?: number | undefined;
  /** Whom it may vouch for: customers unless set. A token for another kind is refused. */
  readonly kinds?: readonly ClientKind[] | undefined;
  /** Where its tokens say the kind; `kind` unless set. */
  readonly kindClaim?: ClaimPath | undefined;
  /** The kind of a token that does not say; customer, or else the first of `kinds`, unless set. */
  readonly defaultKind?: ClientKind | undefined;
  /** Where its tokens say what the client may do, all of these together; `scope`, `scp` and `permissions` unless set. */
  readonly scopeClaims?: readonly ClaimPath[] | undefined;
  /** What it may let clients do, such as `orders:read` or `orders:*`; others are left out. Everything unless set. */
  readonly scopes?: readonly string[] | undefined;
  /** Put before `sub`, where the subjects of two issuers could be the same and are not the same client. */
  readonly subjectPrefix?: string | undefined;
}

/** Signatures only: with a shared secret (HS256), whoever can check a token could make one. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];
