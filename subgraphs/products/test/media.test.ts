import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guardedFetch } from '../src/domain/media/guarded-fetch.ts';
import { isPublicAddress } from '../src/domain/media/public-addresses.ts';
import { aProduct, openShop, type Shop } from './support/shop.ts';

let shop: Shop;
let pictures: Server;
let host: string;
let asked: Record<string, number>;
let api: { url: string; close(): Promise<void> };
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  const jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#b9ae9c' } })
    .jpeg()
    .toBuffer();
  asked = {};
  pictures = createServer((request, response) => {
    const path = request.url ?? '';
    asked[path] = (asked[path] ?? 0) + 1;
    if (path === '/good.jpg') return response.end(jpeg);
    if (path === '/text.jpg') return response.end('not a picture');
    if (path === '/script.svg') return response.end('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    if (path === '/moved.jpg') return response.writeHead(302, { location: '/good.jpg' }).end();
    if (path === '/huge.jpg') return response.end(Buffer.alloc(11 * 1024 * 1024));
    if (path === '/silent.jpg') return;
    if (path === '/flaky.jpg' && asked[path] === 1) return response.writeHead(503).end();
    if (path === '/flaky.jpg') return response.end(jpeg);
    return response.writeHead(404).end();
  });
  await new Promise<void>((done) => pictures.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(pictures.address() as AddressInfo).port}`;
  shop = await openShop({ mediaFetchAllow: [host] });
  api = await shop.subgraph.listen({ port: 0, host: '127.0.0.1' });
  worker = await shop.subgraph.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await api.close();
  await shop.close();
  pictures.closeAllConnections();
  pictures.close();
});

const mediaOf = async (handle: string) =>
  shop.sql<{ state: string; file_key: string | null; width: number | null; failure: string | null }>(
    'SELECT state, file_key, width, failure FROM product_media m JOIN product p ON p.id = m.product_id WHERE handle = $1 ORDER BY m.position',
    [handle],
  );
const settled = (handle: string) =>
  expect.poll(async () => (await mediaOf(handle)).map(({ state }) => state), { timeout: 60_000, interval: 100 });

test('pictures are fetched into our storage, what is none is not, and the placeholder stays for it', async () => {
  const names = ['good.jpg', 'text.jpg', 'script.svg', 'moved.jpg', 'huge.jpg', 'missing.jpg', 'flaky.jpg'];
  await aProduct(shop, { handle: 'mug', media: names.map((name) => ({ url: `http://${host}/${name}` })) });
  await settled('mug').toEqual(['STORED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'STORED']);
  const [, text, script, moved, huge, missing] = await mediaOf('mug');
  expect(text?.failure).toContain('no picture');
  expect(script?.failure).toContain('no picture');
  expect(moved?.failure).toContain('redirects');
  expect(huge?.failure).toContain('larger than');
  expect(missing?.failure).toContain('404');

  const { product } = await shop.data<{
    product: { media: { url: string; width: number | null; height: number | null }[] };
  }>('{ product(handle: "mug") { media { url width height } } }');
  expect(product.media[0]).toMatchObject({
    width: 640,
    height: 480,
    url: expect.stringMatching(/\/media\/[0-9a-f]{64}\.jpg$/),
  });
  expect(product.media[1]).toMatchObject({ width: null, url: 'http://localhost:4000/media/placeholder.svg' });
}, 90_000);

test('a picture that another product has already is not fetched again', async () => {
  const before = asked['/good.jpg'];
  await aProduct(shop, { handle: 'second', title: 'Second', media: [{ url: `http://${host}/good.jpg` }] });
  await settled('second').toEqual(['STORED']);
  expect(asked['/good.jpg']).toBe(before);
}, 90_000);

test('nothing is fetched from our own network', async () => {
  const urls = [
    'http://127.0.0.1:1/a.jpg',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:10.0.0.1]/a.jpg',
    'http://localhost/a.jpg',
  ];
  await aProduct(shop, { handle: 'sly', title: 'Sly', media: urls.map((url) => ({ url })) });
  await settled('sly').toEqual(['FAILED', 'FAILED', 'FAILED', 'FAILED']);
}, 90_000);

test('a server that never answers is left after the time it has', async () => {
  const limits = { allow: [host], mostBytes: 1_000, timeoutMs: 200 };
  await expect(guardedFetch(`http://${host}/silent.jpg`, limits)).rejects.toThrow(/abort|timeout/i);
});

describe('addresses', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a00:1',
    '0:0:0:0:0:ffff:7f00:1',
    '64:ff9b::a00:1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.255.255',
    '192.167.1.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  const limits = { allow: [], mostBytes: 1_000, timeoutMs: 2_000 };
  test.each([
    ['http://2130706433/', 'public internet'],
    ['http://0x7f.1/', 'public internet'],
    ['http://[::1]/', 'public internet'],
    ['http://localhost/', 'public internet'],
    ['http://user:pass@example.com/', 'user or password'],
    ['http://example.com:22/', 'Port 22'],
    ['ftp://example.com/', 'Only http'],
    ['file:///etc/passwd', 'Only http'],
    ['nonsense', 'Only http'],
  ])('%s is refused', async (url, reason) => {
    await expect(guardedFetch(url, limits)).rejects.toThrow(reason);
  });
});

describe('delivery', () => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, api.url), { headers });
  const sizeOf = async (response: Response) => {
    const { width, height, format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    return [width, height, format];
  };
  const key = async () => `/media/${(await mediaOf('mug'))[0]?.file_key}`;

  test.each<[string, [number, number, string]]>([
    ['', [640, 480, 'jpeg']],
    ['?w=320', [320, 240, 'webp']],
    ['?h=120', [160, 120, 'webp']],
    ['?w=100&h=100', [100, 75, 'webp']],
    ['?w=100&h=100&fit=crop', [100, 100, 'webp']],
    ['?w=2000', [640, 480, 'webp']],
  ])('%s', async (query, size) => {
    for (const _twice of [1, 2]) {
      const response = await get(`${await key()}${query}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(await sizeOf(response)).toEqual(size);
    }
  });

  test('who has it already is told so', async () => {
    const path = `${await key()}?w=64`;
    const etag = (await get(path)).headers.get('etag') ?? '';
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
  });

  test('the placeholder is drawn by us, and made to measure too', async () => {
    const response = await get('/media/placeholder.svg');
    expect(response.headers.get('content-type')).toContain('image/svg+xml');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(await sizeOf(await get('/media/placeholder.svg?w=300'))).toEqual([300, 300, 'webp']);
  });

  test.each([
    ['/media/..%2F..%2Fetc%2Fpasswd', 404],
    [`/media/${'a'.repeat(64)}.jpg`, 404],
    [`/media/${'a'.repeat(64)}.jpg?w=10`, 404],
    ['/media/placeholder.svg?w=0', 400],
    ['/media/placeholder.svg?w=99999', 400],
    ['/media/placeholder.svg?w=abc', 400],
    ['/media/placeholder.svg?fit=stretch', 400],
  ])('%s is %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });
});
