import type { Viewer } from '@mercato/auth';
import type { JWTPayload } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { createIdentity, type TrustedIssuer } from '../src/index.ts';
import { audience, type IssuerKey, issuerKey, issuerName } from './identity/issuer-server.ts';

let key: IssuerKey;
let other: IssuerKey;
beforeAll(async () => {
  [key, other] = await Promise.all([issuerKey('first'), issuerKey('second', 'EdDSA')]);
});

const issuer = (more: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  issuer: issuerName,
  audience,
  keys: { publicKeys: [key.publicJwk] },
  ...more,
});
const recognized = async (claims: JWTPayload, more: Partial<TrustedIssuer> = {}) =>
  createIdentity([issuer(more)]).recognize(`Bearer ${await key.sign(claims)}`);
const refusal = (claims: JWTPayload, more: Partial<TrustedIssuer> = {}): Promise<string> =>
  recognized(claims, more).then(
    ({ viewer }) => `It was taken as ${JSON.stringify(viewer)}.`,
    (error: Error) => error.message,
  );

describe('scopes', () => {
  const cases: [string, JWTPayload, Partial<TrustedIssuer>, Viewer['scopes']][] = [
    ['as text', { scope: 'a:b c' }, {}, ['a:b', 'c']],
    ['as a list', { scope: ['a:b', 'c'] }, {}, ['a:b', 'c']],
    ['in scp', { scp: ['a:b'] }, {}, ['a:b']],
    ['in permissions', { permissions: ['a:b'] }, {}, ['a:b']],
    ['in several, each once', { scope: 'a b', scp: 'b c', permissions: ['d'] }, {}, ['a', 'b', 'c', 'd']],
    ['in a claim of the issuer’s', { 'https://x/may': ['a'], scope: 'b' }, { scopeClaims: ['https://x/may'] }, ['a']],
    ['within another', { realm: { roles: ['a'] } }, { scopeClaims: [['realm', 'roles']] }, ['a']],
    ['nowhere', {}, {}, []],
    ['of no form', { scope: 7, scp: [1, { a: 'b' }, 'c'], permissions: null }, {}, ['c']],
    ['of services', { scope: 'service:cart a service:' }, {}, ['a']],
    ['that the issuer may not give', { scope: 'a:b a:c b:c x' }, { scopes: ['a:*', 'x'] }, ['a:b', 'a:c', 'x']],
    ['of an issuer that may give none', { scope: 'a' }, { scopes: [] }, []],
  ];
  test.each(cases)('%s', async (_what, claims, more, expected) => {
    expect((await recognized(claims, more)).viewer.scopes).toEqual(expected);
  });
});

describe('the kind', () => {
  const all = { kinds: ['customer', 'partner', 'staff'] } as const;
  const cases: [string, JWTPayload, Partial<TrustedIssuer>, string][] = [
    ['is customer unless said', {}, {}, 'customer'],
    ['is what the token says, of those the issuer may', { kind: 'staff' }, all, 'staff'],
    ['is the only one there is', {}, { kinds: ['partner'] }, 'partner'],
    ['is the issuer’s default', {}, { ...all, defaultKind: 'staff' }, 'staff'],
    [
      'comes from a claim of the issuer’s',
      { 'https://x/kind': 'partner' },
      { ...all, kindClaim: 'https://x/kind' },
      'partner',
    ],
    ['comes from within another', { app: { kind: 'partner' } }, { ...all, kindClaim: ['app', 'kind'] }, 'partner'],
  ];
  test.each(cases)('%s', async (_what, claims, more, expected) => {
    expect((await recognized(claims, more)).viewer.kind).toBe(expected);
  });

  const refused: [string, JWTPayload, Partial<TrustedIssuer>, string][] = [
    ['staff from an issuer for customers', { kind: 'staff' }, {}, '"kind"'],
    ['customer from an issuer for partners', { kind: 'customer' }, { kinds: ['partner'] }, '"kind"'],
    ['service from any', { kind: 'service' }, all, '"kind"'],
    ['guest from any', { kind: 'guest' }, all, '"kind"'],
    ['a list', { kind: ['staff'] }, all, '"kind"'],
    ['nothing', { kind: null }, all, '"kind"'],
    ['in another claim', { app: { kind: 'root' } }, { ...all, kindClaim: ['app', 'kind'] }, '"app.kind"'],
  ];
  test.each(refused)('%s is refused', async (_what, claims, more, sentence) => {
    expect(await refusal(claims, more)).toContain(sentence);
  });
});

describe('subject and audience', () => {
  const refused: [string, JWTPayload, string][] = [
    ['no subject', { sub: undefined }, '"sub"'],
    ['an empty subject', { sub: '' }, '"sub"'],
    ['a subject longer than OpenID Connect allows', { sub: 'x'.repeat(256) }, '"sub"'],
    ['another audience', { aud: 'https://other.example' }, '"aud"'],
    ['no audience', { aud: undefined }, '"aud"'],
  ];
  test.each(refused)('%s is refused', async (_what, claims, sentence) => {
    expect(await refusal(claims)).toContain(sentence);
  });

  test('any of several audiences will do', async () => {
    const two = { audience: ['https://a.example', audience] };
    expect((await recognized({ aud: ['https://x.example', audience] }, two)).viewer.id).toBe('customer_1');
    expect(await refusal({ aud: ['https://x.example'] }, two)).toContain('"aud"');
  });
});

test('several issuers at once: each with its keys, audience and kinds, and its clients apart from the others’', async () => {
  const staffIssuer = 'https://staff.example';
  const identity = createIdentity([
    issuer({ subjectPrefix: 'shop|' }),
    { issuer: staffIssuer, audience: 'back-office', keys: { publicKeys: [other.publicJwk] }, kinds: ['staff'] },
  ]);
  const shopper = `Bearer ${await key.sign({ sub: 'ada' })}`;
  const colleague = `Bearer ${await other.sign({ iss: staffIssuer, aud: 'back-office', sub: 'ada', scope: 'a' })}`;
  expect(await identity.recognize(shopper)).toEqual({
    viewer: { kind: 'customer', id: 'shop|ada', scopes: [] },
    credentialId: `${issuerName} ada`,
    expiresAt: expect.any(Number),
  });
  expect(await identity.recognize(colleague)).toMatchObject({
    viewer: { kind: 'staff', id: 'ada', scopes: ['a'] },
    credentialId: `${staffIssuer} ada`,
  });
  for (const crossed of [
    await key.sign({ iss: staffIssuer, aud: 'back-office', sub: 'ada' }),
    await other.sign({ sub: 'ada' }),
    await key.sign({ aud: 'back-office' }),
    await key.sign({ iss: undefined }),
    await key.sign({ iss: 'https://elsewhere.example' }),
  ]) {
    await expect(Promise.resolve(identity.recognize(`Bearer ${crossed}`))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  }
});

test('fixed keys without an id fit any token that one of them signed', async () => {
  const bare = [key, await issuerKey('third')].map(({ publicJwk: { kid: _kid, ...rest } }) => rest);
  const identity = createIdentity([issuer({ keys: { publicKeys: bare } })]);
  await expect(Promise.resolve(identity.identify(`Bearer ${await key.sign()}`))).resolves.toMatchObject({
    id: 'customer_1',
  });
  const stranger = await issuerKey('first');
  await expect(Promise.resolve(identity.identify(`Bearer ${await stranger.sign()}`))).rejects.toThrow('not valid');
});

describe('what is told at once', () => {
  test('a guest, and a client who was seen: the same object, without a promise', async () => {
    const identity = createIdentity([issuer()]);
    expect(identity.recognize(undefined)).toEqual({
      viewer: { kind: 'guest', id: null, scopes: [] },
      credentialId: undefined,
      expiresAt: Number.POSITIVE_INFINITY,
    });
    const bearer = `Bearer ${await key.sign()}`;
    const first = identity.recognize(bearer);
    expect(first).toBeInstanceOf(Promise);
    const client = await first;
    expect(identity.recognize(bearer)).toBe(client);
    expect(identity.identify(bearer)).toBe(client.viewer);
  });

  test('its end is the token’s, with what clocks may differ', async () => {
    const exp = Math.floor(Date.now() / 1000) + 20;
    expect((await recognized({ exp })).expiresAt).toBe((exp + 5) * 1_000);
  });
});
