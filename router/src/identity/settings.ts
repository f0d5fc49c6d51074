import { httpUrl, json, postgresUrl } from '@mercato/environment';
import { z } from 'zod';
import { clientKeys, clientTokenClaims, clientTokenIssuer } from './development.ts';
import { clientKinds, signatureAlgorithms, type TrustedIssuer } from './tokens/issuer.ts';

/** A public key as a JSON Web Key, RFC 7517. With a private or a shared one, whoever reads our settings could sign. */
const publicKey = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP'], { error: 'wants a public key of kty RSA, EC or OKP' }) })
  .refine((key) => !('d' in key), 'holds a private key: give its public part, without "d"');

const claimPath = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'wants the name of a claim, or a list of names that lead to it',
});
const kind = z.enum(clientKinds, { error: 'wants staff, customer or partner' });
const audience = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'wants the "aud" of its tokens for this router, or a list of them',
});

const issuer = z
  .strictObject({
    issuer: z.string('wants the "iss" of its tokens').min(1, 'wants the "iss" of its tokens'),
    audience,
    jwksUrl: httpUrl().optional(),
    publicKeys: z.array(publicKey).min(1).max(32).optional(),
    algorithms: z
      .array(z.enum(signatureAlgorithms, { error: `wants any of ${signatureAlgorithms.join(', ')}` }))
      .min(1)
      .optional(),
    clockSkewSeconds: z.int().min(0).max(300).optional(),
    keysStaleForSeconds: z.int().min(0).max(86_400).optional(),
    kinds: z.array(kind).min(1).optional(),
    kindClaim: claimPath.optional(),
    defaultKind: kind.optional(),
    scopeClaims: z.array(claimPath).min(1).optional(),
    scopes: z.array(z.string().min(1)).optional(),
    subjectPrefix: z.string().optional(),
  })
  .refine(({ defaultKind, kinds = ['customer'] }) => !defaultKind || kinds.includes(defaultKind), {
    path: ['defaultKind'],
    error: 'is none of its kinds',
  })
  .transform(({ jwksUrl, publicKeys, ...rest }, context): TrustedIssuer => {
    if (jwksUrl !== undefined && publicKeys === undefined) return { ...rest, keys: { jwksUrl } };
    if (publicKeys !== undefined && jwksUrl === undefined) return { ...rest, keys: { publicKeys } };
    context.addIssue({ code: 'custom', message: 'wants either jwksUrl or publicKeys' });
    return z.NEVER;
  });

/** Each issue says where in the list it is. */
const issuers = z.unknown().transform((value, context): TrustedIssuer[] => {
  const parsed = z.array(issuer).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: `${['', ...path].join('/') || 'it'} ${message}` });
  }
  return z.NEVER;
});

const ed25519 = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });

/** Whom the router believes, as variables. */
export const identityVariables = {
  JWT_ISSUERS: json(issuers).optional(),
  JWKS_URL: httpUrl().optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_PUBLIC_KEYS: json(z.array(ed25519)).optional(),
  DATABASE_URL: postgresUrl().optional(),
};

type IdentityEnvironment = z.output<z.ZodObject<typeof identityVariables>>;

/** What is wrong with variables that are right one by one, in a sentence. */
export function problemOfIssuers({ JWT_ISSUERS, JWKS_URL, JWT_ISSUER, JWT_AUDIENCE }: IdentityEnvironment) {
  if (JWKS_URL && !(JWT_ISSUER && JWT_AUDIENCE)) {
    return 'JWT_ISSUER and JWT_AUDIENCE are not set; with JWKS_URL they want the "iss" and "aud" that its tokens carry.';
  }
  const names = (JWT_ISSUERS ?? []).map((one) => one.issuer).concat(JWKS_URL && JWT_ISSUER ? [JWT_ISSUER] : []);
  if (names.includes(clientTokenClaims.issuer)) {
    return `JWT_ISSUERS is wrong: ${clientTokenClaims.issuer} is the issuer of npm run token, whose keys JWT_PUBLIC_KEYS has.`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `JWT_ISSUERS is wrong: ${twice} is named twice.`;
}

/** The issuers of JWT_ISSUERS, the one of JWKS_URL, and the keys of `npm run token`. */
export function trustedIssuers(environment: IdentityEnvironment & { readonly MERCATO_DATA_DIR?: string | undefined }) {
  const { JWT_ISSUERS = [], JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, JWT_PUBLIC_KEYS = [], MERCATO_DATA_DIR } = environment;
  const issuers: TrustedIssuer[] = [...JWT_ISSUERS];
  if (JWKS_URL && JWT_ISSUER && JWT_AUDIENCE) {
    // The deployment's only one vouches for all of its people.
    issuers.push({ issuer: JWT_ISSUER, audience: JWT_AUDIENCE, keys: { jwksUrl: JWKS_URL }, kinds: clientKinds });
  }
  const ownKeys = [...JWT_PUBLIC_KEYS, ...(MERCATO_DATA_DIR ? [clientKeys(MERCATO_DATA_DIR).publicKey] : [])];
  if (ownKeys.length > 0) issuers.push(clientTokenIssuer(ownKeys));
  return issuers;
}

/** Those whose keys are at an address, and whose name is one: there people sign in. */
export const authorizationServersOf = (issuers: readonly TrustedIssuer[]): string[] =>
  issuers.flatMap(({ issuer, keys }) => ('jwksUrl' in keys && /^https?:\/\//.test(issuer) ? [issuer] : []));
