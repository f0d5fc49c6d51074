import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { type SignatureAlgorithm, signatureAlgorithms } from '../src/identity/tokens/issuer.ts';
import { verifyToken, type Wanted } from '../src/identity/tokens/verify-token.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ed25519 = generateKeyPairSync('ed25519');
const elliptic = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const pairs: Readonly<Record<SignatureAlgorithm, { privateKey: KeyObject; publicKey: KeyObject }>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: elliptic('P-256'),
  ES384: elliptic('P-384'),
  ES512: elliptic('P-521'),
  EdDSA: ed25519,
  Ed25519: ed25519,
};
const keys = createLocalJWKSet({
  keys: signatureAlgorithms.map((alg) => ({ ...pairs[alg].publicKey.export({ format: 'jwk' }), alg, kid: alg })),
});
const wanted: Wanted = {
  algorithms: signatureAlgorithms,
  issuer: 'issuer',
  audience: 'here',
  clockTolerance: 5,
  requiredClaims: ['exp', 'sub'],
};
const signed = (alg: string, key: KeyObject, claims: Record<string, unknown> = {}, header: object = {}) =>
  new SignJWT({ sub: 'ada', iss: 'issuer', aud: 'here', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg, kid: alg, ...header })
    .sign(key);

/** What comes of a token: its subject, or the code of the error. */
const outcomeOf = async (claims: Promise<{ sub?: string | undefined }>) =>
  claims.then(
    ({ sub }) => sub,
    ({ code }: { code?: string }) => code,
  );
const ours = (token: string) => outcomeOf(verifyToken(token, keys, wanted));
const joses = (token: string) =>
  outcomeOf(jwtVerify(token, keys, { ...wanted, algorithms: [...signatureAlgorithms] }).then(({ payload }) => payload));

/** Another character at a place, counted from the end where it is negative. */
const altered = (text: string, at: number) => {
  const index = at < 0 ? text.length + at : at;
  return `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;
};

describe.each(signatureAlgorithms)('of %s', (alg) => {
  test('what is signed holds, and nothing that was altered anywhere', async () => {
    const token = await signed(alg, pairs[alg].privateKey);
    expect([await ours(token), await joses(token)]).toEqual(['ada', 'ada']);
    const [head = '', payload = '', signature = ''] = token.split('.');
    const forged = [
      `${altered(head, 4)}.${payload}.${signature}`,
      `${head}.${altered(payload, 12)}.${signature}`,
      ...[0, 20, -3].map((at) => `${head}.${payload}.${altered(signature, at)}`),
      `${head}.${payload}.${signature.slice(0, -4)}`,
      `${head}.${payload}.${signature}AAAA`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.${payload}.${signature}.`,
      `${head}.${payload}.*${signature}`,
    ];
    for (const token of forged) {
      expect(await joses(token), token).toMatch(/^ERR_/);
      expect(await ours(token), token).toMatch(/^ERR_/);
    }
  });
});

test.each<[string, Record<string, unknown>]>([
  ['another issuer', { iss: 'other' }],
  ['another audience', { aud: ['there'] }],
  ['no end', { exp: undefined }],
  ['an end in the past', { exp: 1 }],
  ['a beginning in the future', { nbf: Math.floor(Date.now() / 1000) + 60 }],
  ['no subject', { sub: undefined }],
])('with %s a token does not hold, and for the reason that the library gives', async (_what, claims) => {
  const token = await signed('EdDSA', ed25519.privateKey, claims);
  expect(await ours(token)).toBe(await joses(token));
  expect(await ours(token)).toMatch(/^ERR_JWT_/);
});

test('a key of one algorithm does not make a token of another', async () => {
  for (const [alg, by] of [
    ['RS256', 'PS256'],
    ['PS512', 'RS512'],
    ['RS512', 'RS256'],
  ] as const) {
    const [, payload, signature] = (await signed(by, pairs[by].privateKey)).split('.');
    const head = Buffer.from(JSON.stringify({ alg, kid: alg })).toString('base64url');
    expect(await ours(`${head}.${payload}.${signature}`)).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  }
});

test('an RSA key that is too short makes none', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const set = createLocalJWKSet({ keys: [{ ...short.publicKey.export({ format: 'jwk' }), alg: 'RS256' }] });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256' })}.${part({ sub: 'ada', iss: 'issuer', aud: 'here', exp: 9_999_999_999 })}`;
  const token = `${text}.${createSign('sha256').update(text).sign(short.privateKey, 'base64url')}`;
  await expect(verifyToken(token, set, wanted)).rejects.toMatchObject({
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  });
});
