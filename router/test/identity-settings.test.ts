import { generateKey } from '@mercato/auth';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRouterEnvironment } from '../src/environment.ts';
import { trustedIssuers } from '../src/identity/settings.ts';
import { createIdentity } from '../src/index.ts';
import { type IssuerKey, issuerKey } from './identity/issuer-server.ts';

let key: IssuerKey;
beforeAll(async () => {
  key = await issuerKey('first', 'RS256');
});

const complete = {
  SUBGRAPH_URLS: '{"products":"http://127.0.0.1:1/graphql"}',
  SIGNING_KEY: JSON.stringify(generateKey()),
};
const read = (variables: Record<string, string>) => readRouterEnvironment({ ...complete, ...variables });
const readIssuers = (...issuers: unknown[]) => read({ JWT_ISSUERS: JSON.stringify(issuers) });
const minimal = { issuer: 'https://a.example', audience: 'shop', jwksUrl: 'https://a.example/jwks' };

test('JWT_ISSUERS names issuers with all that each may differ in, and they are believed so', async () => {
  const environment = readIssuers(minimal, {
    issuer: 'https://staff.example',
    audience: ['a', 'b'],
    publicKeys: [key.publicJwk],
    algorithms: ['RS256'],
    clockSkewSeconds: 30,
    kinds: ['staff', 'partner'],
    kindClaim: ['app', 'kind'],
    defaultKind: 'partner',
    scopeClaims: ['may'],
    scopes: ['a:*'],
    subjectPrefix: 'staff|',
  });
  const identity = createIdentity(trustedIssuers(environment));
  const token = await key.sign({
    iss: 'https://staff.example',
    aud: 'b',
    sub: 'ada',
    may: 'a:b c',
    app: { kind: 'staff' },
  });
  expect(await identity.identify(`Bearer ${token}`)).toEqual({ kind: 'staff', id: 'staff|ada', scopes: ['a:b'] });
});

test('JWKS_URL alone is one issuer who vouches for all kinds, beside JWT_ISSUERS and the keys of npm run token', () => {
  const environment = read({
    JWKS_URL: 'https://one.example/jwks',
    JWT_ISSUER: 'https://one.example',
    JWT_AUDIENCE: 'shop',
    JWT_ISSUERS: JSON.stringify([minimal]),
    JWT_PUBLIC_KEYS: JSON.stringify([{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }]),
  });
  expect(trustedIssuers(environment)).toMatchObject([
    { issuer: 'https://a.example', keys: { jwksUrl: 'https://a.example/jwks' } },
    { issuer: 'https://one.example', kinds: ['staff', 'customer', 'partner'] },
    { issuer: 'mercato:clients' },
  ]);
});

describe('a sentence says where and what', () => {
  const wrong: [string, () => unknown, string][] = [
    ['no JSON', () => read({ JWT_ISSUERS: '[' }), 'it is not JSON'],
    ['no list', () => read({ JWT_ISSUERS: '{}' }), 'JWT_ISSUERS is wrong'],
    ['no issuer', () => readIssuers({ ...minimal, issuer: undefined }), '/0/issuer wants the "iss"'],
    ['no audience', () => readIssuers({ ...minimal, audience: undefined }), '/0/audience wants the "aud"'],
    ['no keys', () => readIssuers({ ...minimal, jwksUrl: undefined }), '/0 wants either jwksUrl or publicKeys'],
    ['both', () => readIssuers({ ...minimal, publicKeys: [{ kty: 'EC' }] }), '/0 wants either jwksUrl or publicKeys'],
    ['a shared secret', () => readIssuers({ ...minimal, algorithms: ['HS256'] }), '/0/algorithms/0 wants any of RS256'],
    ['none at all', () => readIssuers({ ...minimal, algorithms: ['none'] }), '/0/algorithms/0 wants any of RS256'],
    [
      'a secret as key',
      () => readIssuers({ ...minimal, jwksUrl: undefined, publicKeys: [{ kty: 'oct', k: 'AAAA' }] }),
      '/0/publicKeys/0/kty wants a public key',
    ],
    [
      'a private key',
      () => readIssuers({ ...minimal, jwksUrl: undefined, publicKeys: [generateKey()] }),
      '/0/publicKeys/0 holds a private key',
    ],
    ['services', () => readIssuers(minimal, { ...minimal, kinds: ['service'] }), '/1/kinds/0 wants staff, customer'],
    ['a default of no kind', () => readIssuers({ ...minimal, defaultKind: 'staff' }), '/0/defaultKind is none of its'],
    ['a misspelt setting', () => readIssuers({ ...minimal, audiance: 'x' }), 'audiance'],
    ['one twice', () => readIssuers(minimal, minimal), 'https://a.example is named twice'],
    ['our own', () => readIssuers({ ...minimal, issuer: 'mercato:clients' }), 'JWT_PUBLIC_KEYS'],
    ['half of the short form', () => read({ JWKS_URL: 'https://a.example/jwks' }), 'JWT_ISSUER and JWT_AUDIENCE'],
  ];
  test.each(wrong)('%s', (_what, reading, sentence) => {
    expect(reading).toThrow(sentence);
  });
});
