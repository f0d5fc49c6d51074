import { get } from 'node:http';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

/** Far more than a GraphQL body may hold, and never in memory at once. */
function* megabytes(count: number) {
  for (let n = 0; n < count; n++) yield Buffer.alloc(1024 * 1024, n);
}

async function upload(graph: RunningGraph, headers: Record<string, string> = {}) {
  const { statusCode, body } = await request(`${graph.router.url}/uploads/catalog.csv`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'x-mercato-viewer': 'staff', cookie: 'a=b', ...headers },
    body: Readable.from(megabytes(24)),
  });
  return { statusCode, answer: (await body.json()) as Record<string, unknown> };
}

const topologies: [string, () => Promise<RunningGraph>][] = [
  [
    'passed through over HTTP',
    async () => {
      const graph: RunningGraph = await runGraph({
        passThrough: { '/uploads': 'catalog', '/media': 'catalog' },
        baseUrlOf: () => graph.urls.catalog && new URL(graph.urls.catalog).origin,
      });
      return graph;
    },
  ],
  ['mounted in the same process', () => runGraph({}, ['catalog', 'stock'], { mount: true })],
];

describe.each(topologies)('routes of a subgraph, %s', (_how, start) => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await start();
  });
  afterAll(() => graph.close());

  test('an upload streams to it, with the viewer that the router vouches for', async () => {
    const token = await graph.token({ scopes: ['catalog:write'] });
    const { statusCode, answer } = await upload(graph, { authorization: `Bearer ${token}` });
    expect(statusCode).toBe(200);
    expect(answer).toEqual({
      bytes: 24 * 1024 * 1024,
      viewer: { kind: 'staff', id: 'ada', scopes: ['catalog:write'] },
      cookie: null,
      forged: null,
    });
  });

  test('without a token it is a guest’s, with a wrong one it does not arrive', async () => {
    expect((await upload(graph)).answer).toMatchObject({ viewer: { kind: 'guest' } });

    const response = await fetch(`${graph.router.url}/uploads/catalog.csv`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', authorization: 'Bearer nonsense' },
      body: 'x',
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('an upload that is refused before it is read to its end says why, each time', async () => {
    for (let n = 0; n < 20; n++) {
      const { statusCode, body } = await request(`${graph.router.url}/uploads/refused`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: Readable.from(megabytes(24)),
      });
      expect(statusCode).toBe(413);
      expect(await body.json()).toEqual({ error: { message: 'Too large.' } });
    }
  });

  test('a picture comes back as it is', async () => {
    const response = await fetch(`${graph.router.url}/media/mug.svg`);
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(response.headers.get('etag')).toBe('"abc"');
    expect(response.headers.get('x-request-id')).toBeTruthy();
    expect(await response.text()).toBe('<svg/>');
  });

  test('GraphQL stands beside it', async () => {
    expect(await graph.ask('{ warehouses }')).toMatchObject({ data: { warehouses: ['MAIN'] } });
  });
});

test('only what is below the path is passed through', async () => {
  const graph: RunningGraph = await runGraph({
    passThrough: { '/media': 'catalog' },
    baseUrlOf: () => graph.urls.catalog && new URL(graph.urls.catalog).origin,
  });
  // Sent as it stands; fetch would tidy the path up.
  const statusOf = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(graph.router.url);
      get({ hostname, port, path }, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
  const statuses = [];
  for (const path of [
    '/media/../health/ready',
    '/media/%2e%2e/health/ready',
    '/media/..%2fhealth/ready',
    '/uploads/x',
  ]) {
    statuses.push(await statusOf(path));
  }
  const fine = await statusOf('/media/mug..svg?from=/../');
  await graph.close();
  expect(statuses).toEqual([404, 404, 404, 404]);
  expect(fine).toBe(200);
});

test('a subgraph that is down is named, its address is not', async () => {
  const graph: RunningGraph = await runGraph({
    passThrough: { '/media': 'catalog' },
    baseUrlOf: () => graph.urls.catalog && new URL(graph.urls.catalog).origin,
  });
  await graph.stop('catalog');
  const response = await fetch(`${graph.router.url}/media/mug.svg`);
  const text = await response.text();
  await graph.close();
  expect(response.status).toBe(502);
  expect(JSON.parse(text)).toEqual({
    errors: [
      {
        message: 'The catalog service cannot be reached.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'catalog' },
      },
    ],
  });
});
