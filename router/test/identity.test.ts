import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientKeys } from '../src/identity/development.ts';
import { clientTokenIssuer, createIdentity } from '../src/index.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { behaviour } from './graph/shop.ts';

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('a token of the data folder’s key', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph();
  });
  afterAll(() => graph.close());
  beforeEach(() => Object.assign(graph.seen.catalog, behaviour()));

  test('without a token the viewer is a guest, with one whoever it says', async () => {
    await graph.ask('{ whoAmI }');
    await graph.ask('{ whoAmI }', bearer(await graph.token({ scopes: ['a:b', 'c'], subject: 'ada' })));
    expect(graph.seen.catalog.calls.map(({ viewer }) => viewer)).toEqual([
      { kind: 'guest', id: null, scopes: [] },
      { kind: 'staff', id: 'ada', scopes: ['a:b', 'c'] },
    ]);
  });

  test('what a client says of itself in headers is dropped', async () => {
    const headers = {
      'x-mercato-viewer': '{"kind":"staff"}',
      'x-mercato-timeout-ms': '1',
      'x-mercato-scopes': 'secret:read',
      cookie: 'session=1',
    };
    const { data } = await graph.ask('{ whoAmI }', { headers });
    expect(JSON.parse(String(data?.whoAmI))).toEqual({ kind: 'guest', id: null, scopes: [] });
  });

  test('a token cannot speak for a service: neither its kind nor its scopes pass', async () => {
    const scoped = await graph.token({ scopes: ['service:checkout', 'orders:read'] });
    const { data } = await graph.ask('{ whoAmI }', bearer(scoped));
    expect(JSON.parse(String(data?.whoAmI)).scopes).toEqual(['orders:read']);

    const { privateKey } = clientKeys(graph.dataDir);
    const forged = await new SignJWT({ kind: 'service', scope: '' })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('mercato:clients')
      .setAudience('mercato')
      .setSubject('checkout')
      .setExpirationTime('5m')
      .sign(privateKey);
    expect(await graph.ask('{ whoAmI }', bearer(forged))).toMatchObject({
      status: 401,
      errors: [{ message: expect.stringContaining('"kind"') }],
    });
  });

  const wrong: [string, () => Promise<string> | string, RegExp][] = [
    ['expired', () => graph.token({ expires: '-10s' }), /has expired/],
    ['cut short', async () => (await graph.token()).slice(0, -6), /not valid/],
    ['no token', () => 'nonsense', /not valid/],
    [
      'unsigned',
      () =>
        new UnsecuredJWT({ sub: 'ada', kind: 'staff' })
          .setIssuer('mercato:clients')
          .setAudience('mercato')
          .setExpirationTime('5m')
          .encode(),
      /not valid/,
    ],
    ['signed by another key', () => signed({}), /not valid/],
    ['of another issuer', () => signed({ iss: 'https://elsewhere.example' }), /issuer/],
  ];
  test.each(wrong)('%s is 401 with a sentence', async (_what, token, sentence) => {
    const { status, errors, headers, data } = await graph.ask('{ whoAmI }', bearer(await token()));
    expect(status).toBe(401);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(sentence), extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(headers.get('x-request-id')).toBeTruthy();
    expect(graph.seen.catalog.calls).toEqual([]);
  });

  test('another scheme than Bearer is told what is wanted', async () => {
    const { status, errors } = await graph.ask('{ whoAmI }', { headers: { authorization: 'Basic YTpi' } });
    expect({ status, errors }).toMatchObject({
      status: 401,
      errors: [{ message: expect.stringContaining('Bearer <token>') }],
    });
  });

  async function signed(claims: JWTPayload): Promise<string> {
    const { privateKey } = await generateKeyPair('EdDSA');
    return new SignJWT({ iss: 'mercato:clients', aud: 'mercato', sub: 'ada', ...claims })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setExpirationTime('5m')
      .sign(privateKey);
  }
});

describe('a key set at an address', () => {
  const issuer = 'https://login.example';
  const audience = 'https://api.example';
  let server: Server;
  let jwksUrl: string;
  let isUp = true;
  const pairs = Promise.all([
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]);

  beforeAll(async () => {
    const [elliptic, rsa] = await pairs;
    const keys = [
      { ...(await exportJWK(elliptic.publicKey)), kid: 'elliptic', alg: 'ES256' },
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
    ];
    server = createServer((_request, response) => response.writeHead(isUp ? 200 : 500).end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function token(claims: JWTPayload = {}, key: 'elliptic' | 'rsa' = 'elliptic', lifetime = '5m') {
    const [elliptic, rsa] = await pairs;
    return new SignJWT({ iss: issuer, aud: audience, sub: 'customer_1', scope: 'a b', ...claims })
      .setProtectedHeader({ alg: key === 'rsa' ? 'RS256' : 'ES256', kid: key })
      .setExpirationTime(lifetime)
      .sign((key === 'rsa' ? rsa : elliptic).privateKey);
  }
  const identity = () => createIdentity([{ issuer, audience, keys: { jwksUrl } }]);

  test('vouches for a customer unless the token says more', async () => {
    expect(await identity().identify(`Bearer ${await token()}`)).toEqual({
      kind: 'customer',
      id: 'customer_1',
      scopes: ['a', 'b'],
    });
    const both = createIdentity([{ issuer, audience, keys: { jwksUrl }, kinds: ['customer', 'partner'] }]);
    expect(await both.identify(`Bearer ${await token({ kind: 'partner' }, 'rsa')}`)).toMatchObject({ kind: 'partner' });
  });

  test.each([
    ['another audience', { aud: 'https://other.example' }, '"aud"'],
    ['no subject', { sub: undefined }, '"sub"'],
    ['an unknown kind', { kind: 'root' }, '"kind"'],
  ])('%s is refused', async (_what, claims, sentence) => {
    await expect(Promise.resolve(identity().identify(`Bearer ${await token(claims as JWTPayload)}`))).rejects.toThrow(
      sentence,
    );
  });

  test('clocks may differ by five seconds and no more', async () => {
    await expect(
      Promise.resolve(identity().identify(`Bearer ${await token({}, 'elliptic', '-3s')}`)),
    ).resolves.toMatchObject({
      id: 'customer_1',
    });
    await expect(Promise.resolve(identity().identify(`Bearer ${await token({}, 'elliptic', '-7s')}`))).rejects.toThrow(
      'expired',
    );
  });

  test('a shared secret is no signature: the public key cannot be used as one', async () => {
    const [elliptic] = await pairs;
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(elliptic.publicKey)));
    const forged = await new SignJWT({ iss: issuer, aud: audience, sub: 'x' })
      .setProtectedHeader({ alg: 'HS256', kid: 'elliptic' })
      .setExpirationTime('5m')
      .sign(secret);
    await expect(Promise.resolve(identity().identify(`Bearer ${forged}`))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  test('keys that cannot be fetched are 503, not the client’s fault, and not for ever', async () => {
    const fresh = identity();
    isUp = false;
    await expect(Promise.resolve(fresh.identify(`Bearer ${await token()}`))).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
    });
    isUp = true;
    // An address that just failed is given a second.
    await expect
      .poll(async () => Promise.resolve(fresh.identify(`Bearer ${await token()}`)).catch(() => undefined))
      .toMatchObject({ id: 'customer_1' });
  });

  test('several issuers each vouch with their own keys only', async () => {
    const [elliptic] = await pairs;
    const both = createIdentity([{ issuer, audience, keys: { jwksUrl } }, clientTokenIssuer([])]);
    await expect(Promise.resolve(both.identify(`Bearer ${await token()}`))).resolves.toMatchObject({
      id: 'customer_1',
    });
    const crossed = await new SignJWT({ iss: 'mercato:clients', aud: 'mercato', sub: 'x', kind: 'staff' })
      .setProtectedHeader({ alg: 'ES256', kid: 'elliptic' })
      .setExpirationTime('5m')
      .sign(elliptic.privateKey);
    await expect(Promise.resolve(both.identify(`Bearer ${crossed}`))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});
