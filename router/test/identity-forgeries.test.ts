import { createHmac, createPublicKey } from 'node:crypto';
import { connect } from 'node:net';
import { base64url, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createIdentity, type Identity } from '../src/index.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { behaviour } from './graph/shop.ts';
import {
  audience,
  type IssuerKey,
  type IssuerServer,
  issuerKey,
  issuerName,
  issuerServer,
} from './identity/issuer-server.ts';

let rsa: IssuerKey;
let elliptic: IssuerKey;
let thief: IssuerKey;
let server: IssuerServer;
let thiefs: IssuerServer;
let identity: Identity;
beforeAll(async () => {
  [rsa, elliptic, thief] = await Promise.all([issuerKey('rsa', 'RS256'), issuerKey('elliptic'), issuerKey('elliptic')]);
  server = await issuerServer([rsa, elliptic]);
  thiefs = await issuerServer([thief]);
  identity = createIdentity([
    { issuer: issuerName, audience, keys: { jwksUrl: server.jwksUrl }, algorithms: ['RS256', 'ES256'] },
  ]);
});
afterAll(async () => {
  await server.close();
  await thiefs.close();
});

const claims = () => ({ iss: issuerName, aud: audience, sub: 'customer_1', exp: Math.floor(Date.now() / 1000) + 300 });
const part = (value: unknown): string => base64url.encode(JSON.stringify(value));
const written = (header: unknown, payload: unknown, signature: string): string =>
  `${part(header)}.${part(payload)}.${signature}`;
const hmac = (secret: string, header: object): string => {
  const head = `${part(header)}.${part(claims())}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
};
const outcome = (token: string) =>
  Promise.resolve(identity.identify(`Bearer ${token}`)).then(
    ({ id }) => id,
    (error: { extensions: { code: string } }) => error.extensions.code,
  );
/** Signed by the thief, as the issuer's key of the same id would be. */
const stolen = (header: Partial<JWTHeaderParameters>) => thief.sign({}, header);

test('what the issuer signed holds, so that what follows is refused for its own reason', async () => {
  expect(await outcome(await rsa.sign())).toBe('customer_1');
  expect(await outcome(await elliptic.sign())).toBe('customer_1');
});

const forgeries: [string, () => Promise<string> | string][] = [
  ['no algorithm', () => written({ alg: 'none' }, claims(), '')],
  ['no algorithm in other letters, with a signature', () => written({ alg: 'nOnE', kid: 'rsa' }, claims(), 'AAAA')],
  ['no header to speak of', () => written({}, claims(), 'AAAA')],
  [
    'the public key as a shared secret, as a PEM',
    async () => {
      const pem = createPublicKey({ key: rsa.publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      return hmac(pem.toString(), { alg: 'HS256', kid: 'rsa' });
    },
  ],
  [
    'the public key as a shared secret, as a JWK',
    () => hmac(JSON.stringify(rsa.publicJwk), { alg: 'HS256', kid: 'rsa' }),
  ],
  ['an empty shared secret', () => hmac('', { alg: 'HS256' })],
  [
    'a signature of zeros',
    () => written({ alg: 'ES256', kid: 'elliptic' }, claims(), base64url.encode(new Uint8Array(64))),
  ],
  ['a signature cut off', async () => (await rsa.sign()).replace(/[^.]+$/, '')],
  [
    'the signature of another token',
    async () => {
      const [header, , signature] = (await rsa.sign()).split('.');
      return `${header}.${part({ ...claims(), sub: 'customer_2' })}.${signature}`;
    },
  ],
  ['a key of its own, named as the issuer’s', () => stolen({})],
  ['a key of its own, brought along', () => stolen({ jwk: thief.publicJwk })],
  ['an address for its key', () => stolen({ jku: thiefs.jwksUrl })],
  ['an address for its certificate', () => stolen({ x5u: thiefs.jwksUrl })],
  ['an id that is a path', () => stolen({ kid: '../../../../dev/null' })],
  ['an id that is SQL', () => stolen({ kid: "' OR 1=1 --" })],
  ['an id of every object', () => stolen({ kid: '__proto__' })],
  ['an id that is no text', () => written({ alg: 'ES256', kid: ['elliptic'] }, claims(), 'AAAA')],
  ['the id of a key of another kind', () => stolen({ kid: 'rsa' })],
  [
    'an extension that must be understood',
    () => rsa.sign({}, { crit: ['http://example.invalid/UNDEFINED'], 'http://example.invalid/UNDEFINED': true }),
  ],
  ['five parts, as if encrypted', () => `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`],
  ['claims that are a list', () => written({ alg: 'RS256', kid: 'rsa' }, [claims()], 'AAAA')],
];
test.each(forgeries)('%s is refused', async (_what, token) => {
  expect(await outcome(await token())).toBe('UNAUTHENTICATED');
  expect(thiefs.asked).toBe(0);
});

test('an algorithm that the issuer is not believed with is refused, also with its own key', async () => {
  const pair = await issuerKey('later', 'PS256');
  server.keys = [rsa, elliptic, pair];
  const fresh = createIdentity([
    { issuer: issuerName, audience, keys: { jwksUrl: server.jwksUrl }, algorithms: ['RS256'] },
  ]);
  await expect(Promise.resolve(fresh.identify(`Bearer ${await pair.sign()}`))).rejects.toThrow('not valid');
  await expect(Promise.resolve(fresh.identify(`Bearer ${await rsa.sign()}`))).resolves.toMatchObject({
    kind: 'customer',
  });
});

describe('its time', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const times: [string, () => JWTPayload, string][] = [
    ['ended three seconds ago', () => ({ exp: now() - 3 }), 'customer_1'],
    ['ended seven seconds ago', () => ({ exp: now() - 7 }), 'UNAUTHENTICATED'],
    ['begins in three seconds', () => ({ nbf: now() + 3 }), 'customer_1'],
    ['begins in a minute', () => ({ nbf: now() + 60 }), 'UNAUTHENTICATED'],
    ['was issued three seconds ahead', () => ({ iat: now() + 3 }), 'customer_1'],
    ['was issued a minute ahead', () => ({ iat: now() + 60 }), 'UNAUTHENTICATED'],
    ['has no end', () => ({ exp: undefined }), 'UNAUTHENTICATED'],
  ];
  test.each(times)('%s', async (_what, more, expected) => {
    expect(await outcome(await elliptic.sign(more()))).toBe(expected);
  });

  test('how far clocks may differ is each issuer’s setting', async () => {
    const patient = createIdentity([
      { issuer: issuerName, audience, keys: { publicKeys: [elliptic.publicJwk] }, clockSkewSeconds: 60 },
    ]);
    await expect(
      Promise.resolve(patient.identify(`Bearer ${await elliptic.sign({ exp: now() - 50 })}`)),
    ).resolves.toMatchObject({ id: 'customer_1' });
  });
});

test('a token over 8 KiB is refused before anything is read of it', async () => {
  const asked = server.asked;
  const fresh = createIdentity([{ issuer: issuerName, audience, keys: { jwksUrl: server.jwksUrl } }]);
  await expect(
    Promise.resolve(fresh.identify(`Bearer ${await rsa.sign({ x: 'x'.repeat(8_192) })}`)),
  ).rejects.toMatchObject({
    message: expect.stringContaining('8192'),
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
  expect(server.asked).toBe(asked);
});

describe('over HTTP', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph();
  });
  afterAll(() => graph.close());
  beforeEach(() => Object.assign(graph.seen.catalog, behaviour()));

  /** As it is on the wire: clients' libraries do not send a header twice. */
  async function asked(...authorizations: string[]): Promise<{ status: number; body: string }> {
    const { hostname, port } = new URL(graph.router.url);
    const body = '{"query":"{ whoAmI }"}';
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /graphql HTTP/1.1',
      `Host: ${hostname}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      ...authorizations.map((value) => `Authorization: ${value}`),
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    return { status: Number(text.split(' ')[1]), body: text };
  }

  test('two Authorization headers are refused, whichever holds, also the same twice', async () => {
    const good = `Bearer ${await graph.token()}`;
    expect((await asked(good)).status).toBe(200);
    for (const pair of [
      [good, 'Bearer x'],
      ['Bearer x', good],
      [good, good],
      [good, ''],
    ]) {
      const { status, body } = await asked(...pair);
      expect({ pair, status }).toEqual({ pair, status: 401 });
      expect(body).toContain('UNAUTHENTICATED');
    }
    expect(graph.seen.catalog.calls).toHaveLength(1);
  });

  test('two tokens in one header are refused', async () => {
    const token = await graph.token();
    for (const value of [`Bearer ${token}, Bearer ${token}`, `Bearer ${token} ${token}`]) {
      expect((await asked(value)).status).toBe(401);
    }
  });

  test('a token over 8 KiB is 401, and a header that no server takes is 431', async () => {
    expect((await asked(`Bearer ${'x'.repeat(9_000)}`)).status).toBe(401);
    expect((await asked(`Bearer ${'x'.repeat(20_000)}`)).status).toBe(431);
  });

  test('a subgraph asked directly answers 401: to nobody, to a client’s token, to a viewer of somebody’s own making', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    const made = await new SignJWT({ kind: 'staff', scopes: ['*'] })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('router')
      .setAudience('catalog')
      .setSubject('thief')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(privateKey);
    for (const authorization of [undefined, `Bearer ${await graph.token()}`, `Bearer ${made}`]) {
      const answer = await fetch(graph.urls.catalog ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body: '{"query":"{ whoAmI }"}',
      });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    expect(graph.seen.catalog.calls).toEqual([]);
  });
});
