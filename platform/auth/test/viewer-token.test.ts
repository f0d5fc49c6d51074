import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import {
  createViewerSigner,
  createViewerVerifier,
  generateKey,
  loadOrCreateKeys,
  type PrivateKey,
  type Viewer,
} from '../src/index.ts';

const routerKey = generateKey();
const cartKey = generateKey();
const publicOf = ({ kty, crv, x }: PrivateKey) => ({ kty, crv, x });
const trusted = { router: publicOf(routerKey), cart: publicOf(cartKey) };
const verifier = createViewerVerifier('inventory', trusted);
const router = createViewerSigner('router', routerKey);
const staff: Viewer = { kind: 'staff', id: 'staff_1', scopes: ['inventory:write'] };
const bearer = (token: string) => `Bearer ${token}`;

const handMade = (claims: Record<string, unknown>, key: PrivateKey, expires = '60s', alg = 'EdDSA') =>
  new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(createPrivateKey({ key, format: 'jwk' }));

describe('a viewer token', () => {
  test('carries the viewer from the router to the subgraph it is meant for', async () => {
    expect(await verifier.verify(bearer(await router.sign('inventory', staff)))).toEqual(staff);
  });

  test('makes a service speak as itself', async () => {
    const token = await createViewerSigner('cart', cartKey).sign('inventory');
    expect(await verifier.verify(bearer(token))).toEqual({ kind: 'service', id: 'cart', scopes: ['service:cart'] });
  });

  test('is one token for many calls of one viewer, and another for another', async () => {
    const first = await router.sign('inventory', staff);
    expect(await router.sign('inventory', { ...staff })).toBe(first);
    expect(await router.sign('inventory', { ...staff, scopes: [] })).not.toBe(first);
    expect(await router.sign('cart', staff)).not.toBe(first);
  });

  test.each<[string, () => Promise<string | undefined>]>([
    ['missing', async () => undefined],
    ['not a bearer token', async () => 'Basic abc'],
    ['garbage', async () => bearer('a.b.c')],
    ['meant for another subgraph', async () => bearer(await router.sign('cart', staff))],
    [
      'signed by a stranger',
      async () => bearer(await createViewerSigner('mallory', generateKey()).sign('inventory', staff)),
    ],
    [
      'signed by a stranger who calls himself router',
      async () => bearer(await createViewerSigner('router', generateKey()).sign('inventory', staff)),
    ],
    [
      'of a service that speaks for a member of staff',
      async () => bearer(await createViewerSigner('cart', cartKey).sign('inventory', staff)),
    ],
    [
      'of a service that speaks for another service',
      async () =>
        bearer(
          await createViewerSigner('cart', cartKey).sign('inventory', {
            kind: 'service',
            id: 'checkout',
            scopes: ['service:checkout'],
          }),
        ),
    ],
    [
      'expired',
      async () =>
        bearer(
          await handMade({ iss: 'router', aud: 'inventory', sub: 's', kind: 'staff', scopes: [] }, routerKey, '-10s'),
        ),
    ],
    [
      'made to live long',
      async () =>
        bearer(
          await handMade({ iss: 'router', aud: 'inventory', sub: 's', kind: 'staff', scopes: [] }, routerKey, '24h'),
        ),
    ],
    [
      'put together of two that hold',
      async () => {
        const [head, , signature] = router.sign('inventory', { kind: 'guest', id: null, scopes: [] }).split('.');
        return bearer([head, router.sign('inventory', staff).split('.')[1], signature].join('.'));
      },
    ],
    [
      'without a signature, and says that it needs none',
      async () => {
        const none = Buffer.from('{"alg":"none"}').toString('base64url');
        return bearer(`${none}.${router.sign('inventory', staff).split('.')[1]}.`);
      },
    ],
    ['cut off', async () => bearer(router.sign('inventory', staff).replace(/[^.]*$/, ''))],
    ['without claims', async () => bearer(await handMade({ iss: 'router', aud: 'inventory' }, routerKey))],
  ])('is refused when %s', async (_why, token) => {
    await expect(verifier.verify(await token())).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  test('is refused under an algorithm other than Ed25519, even with a trusted name', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = await new SignJWT({ iss: 'router', aud: 'inventory', sub: 's', kind: 'staff', scopes: [] })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(rsa.privateKey);
    await expect(verifier.verify(bearer(token))).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  test('is no longer believed once it has expired, though it was believed before', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const token = bearer(await createViewerSigner('router', routerKey).sign('inventory', staff));
      await verifier.verify(token);
      vi.setSystemTime(Date.now() + 120_000);
      await expect(verifier.verify(token)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    } finally {
      vi.useRealTimers();
    }
  });
});

test('keys of a folder are made once, for the owner only', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'keys ')), 'keys');
  const first = loadOrCreateKeys(folder, ['router', 'cart']);
  expect(loadOrCreateKeys(folder, ['router', 'cart'])).toEqual(first);
  expect(Object.keys(first.trusted.router ?? {})).not.toContain('d');
  expect(statSync(join(folder, 'router.json')).mode & 0o777).toBe(0o600);
});
