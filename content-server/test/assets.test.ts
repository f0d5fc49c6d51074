import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningServer, startContentServer } from './a-content-server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startContentServer();
});
afterAll(() => server.close());

const answer = z.object({
  assets: z.array(
    z.object({ url: z.string(), width: z.number(), height: z.number(), size: z.number(), mimeType: z.string() }),
  ),
});

/** The first cover, 1600 × 1000, with a transformation. */
const cover = async (transformation = '') => {
  const { data, errors } = await server.ask(
    `{ assets(first: 1, where: { width: 1600 }) { url${transformation && `(transformation: ${transformation})`} width height size mimeType } }`,
  );
  expect(errors).toEqual([]);
  const [asset] = answer.parse(data).assets;
  if (!asset) throw new Error('There is no cover.');
  return asset;
};

const fetched = async (url: string, accept?: string) => {
  const response = await fetch(url, accept ? { headers: { accept } } : {});
  return { response, body: Buffer.from(await response.arrayBuffer()) };
};

test('an untouched asset is its original: SVG of the size it tells', async () => {
  const asset = await cover();
  const { response, body } = await fetched(asset.url);
  expect(response.headers.get('content-type')).toBe('image/svg+xml');
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(asset).toMatchObject({ width: 1600, height: 1000, mimeType: 'image/svg+xml', size: body.length });
  expect(body.toString()).toMatch(/^<svg xmlns=/);
});

describe('transformations', () => {
  test.each([
    ['{ image: { resize: { width: 800 } } }', 'image/png', 800, 500],
    ['{ image: { resize: { width: 400, height: 400, fit: clip } } }', 'image/png', 400, 250],
    ['{ image: { resize: { width: 400, height: 400, fit: crop } } }', 'image/png', 400, 400],
    ['{ image: { resize: { width: 400, height: 400, fit: scale } } }', 'image/png', 400, 400],
    ['{ image: { resize: { height: 2000, fit: max } } }', 'image/png', 1600, 1000],
    ['{ image: { crop: { x: 100, y: 100, width: 300, height: 200 } } }', 'image/png', 300, 200],
    [
      '{ image: { resize: { width: 300 }, quality: { value: 40 } }, document: { output: { format: jpg } } }',
      'image/jpeg',
      300,
      188,
    ],
    ['{ image: { resize: { width: 300 } }, document: { output: { format: webp } } }', 'image/webp', 300, 188],
    ['{ image: { resize: { width: 64 } }, document: { output: { format: avif } } }', 'image/avif', 64, 40],
    ['{ image: { resize: { width: 200 }, blur: { amount: 5 }, sharpen: { amount: 2 } } }', 'image/png', 200, 125],
  ])('%s', async (transformation, mimeType, width, height) => {
    const { url } = await cover(transformation);
    const { response, body } = await fetched(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(mimeType);
    expect(await sharp(body).metadata()).toMatchObject({ width, height });
  });

  test('the URL has the transformations before the handle', async () => {
    const { url } = await cover(
      '{ image: { resize: { width: 600, fit: crop } }, document: { output: { format: webp } } }',
    );
    expect(url).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/assets\/mercato\/resize=width:600,fit:crop\/output=format:webp\/[a-z0-9]{20}$/,
    );
  });

  test('less quality gives fewer bytes', async () => {
    const at = async (quality: number) => {
      const { url } = await cover(
        `{ image: { resize: { width: 800 }, quality: { value: ${quality} } }, document: { output: { format: jpg } } }`,
      );
      return (await fetched(url)).body.length;
    };
    expect(await at(20)).toBeLessThan(await at(95));
  });

  test.each([
    ['image/avif,image/webp,*/*', 'image/avif'],
    ['image/webp,*/*', 'image/webp'],
    ['text/html', 'image/jpeg'],
  ])('autoImage gives a browser that accepts %s %s', async (accept, mimeType) => {
    const { url } = await cover('{ image: { resize: { width: 48 } }, document: { output: { format: autoImage } } }');
    expect((await fetched(url, accept)).response.headers.get('content-type')).toBe(mimeType);
  });

  test('what cannot be done is left out, or refused when asked to be', async () => {
    expect((await cover('{ image: { resize: { width: 0 } } }')).url).not.toContain('resize');
    const refused = await server.ask(
      '{ assets(first: 1) { url(transformation: { image: { resize: { width: 20000 } }, validateOptions: true }) } }',
    );
    expect(refused).toMatchObject({ status: 400, data: null });
    expect(refused.errors[0]?.message).toContain('resize');
  });
});

test('unknown handles and crooked transformations are refused', async () => {
  const { url } = await cover();
  const base = url.slice(0, url.lastIndexOf('/'));
  const handle = url.slice(url.lastIndexOf('/') + 1);
  expect((await fetch(`${base}/nothing`)).status).toBe(404);
  for (const path of [
    'resize=width:-1',
    'resize=width:99999',
    'output=format:exe',
    'nonsense',
    '__proto__=x:1',
    'resize',
  ]) {
    expect([path, (await fetch(`${base}/${path}/${handle}`)).status]).toEqual([path, path === 'resize' ? 200 : 400]);
  }
});

test('asset URLs begin with the public address, where one is set', async () => {
  const behind = await startContentServer({ publicUrl: 'https://media.shop.example/' });
  const { data } = await behind.ask('{ assets(first: 1) { url } }');
  await behind.close();
  expect(JSON.stringify(data)).toContain('"https://media.shop.example/assets/mercato/');
});
