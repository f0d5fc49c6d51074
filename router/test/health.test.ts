import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readyByHealth } from '../src/index.ts';
import { brokenSubgraph } from './graph/broken-subgraph.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { shut } from './graph/shop.ts';

let graph: RunningGraph;
afterEach(() => graph.close());

async function health(path: 'live' | 'ready') {
  const response = await fetch(`${graph.router.url}/health/${path}`);
  return { status: response.status, body: await response.json() };
}

const ways: [string, () => Promise<RunningGraph>][] = [
  ['by a query', () => runGraph()],
  [
    'by their own health',
    async () => {
      const started: RunningGraph = await runGraph({
        readyOf: readyByHealth((name) => {
          const url = name === 'catalog' || name === 'stock' ? started.urls[name] : undefined;
          return url && new URL(url).origin;
        }),
      });
      return started;
    },
  ],
];

test.each(ways)('ready says which subgraphs are up, asked %s, and stays ready when one is not', async (_how, start) => {
  graph = await start();
  const schema = { version: expect.stringMatching(/^[0-9a-f]{12}$/), since: expect.any(String) };
  expect(await health('live')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await health('ready')).toEqual({
    status: 200,
    body: { status: 'ok', subgraphs: { catalog: 'up', stock: 'up' }, schema },
  });

  await graph.stop('stock');
  expect(await health('ready')).toEqual({
    status: 200,
    body: { status: 'degraded', subgraphs: { catalog: 'up', stock: 'down' }, schema },
  });

  await graph.start('stock');
  await expect.poll(() => health('ready')).toMatchObject({ body: { status: 'ok' } });
});

test('a subgraph that hangs does not make ready hang', async () => {
  graph = await runGraph();
  const hung = await brokenSubgraph(undefined);
  graph.urls.stock = hung.url;
  const startedAt = performance.now();
  expect(await health('ready')).toMatchObject({ body: { subgraphs: { catalog: 'up', stock: 'down' } } });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await hung.close();
});

test('those who ask at once share one round of asking', async () => {
  const asked: string[] = [];
  let answer = () => {};
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  graph = await runGraph({
    readyOf: (name) => {
      asked.push(name);
      return gate;
    },
  });
  let arrived = 0;
  graph.router.server.server.on('request', () => {
    arrived += 1;
  });
  const asking = Array.from({ length: 20 }, () => health('ready'));
  await expect.poll(() => arrived).toBe(20);
  answer();
  for (const { body } of await Promise.all(asking)) expect(body).toMatchObject({ status: 'ok' });
  expect(asked.sort()).toEqual(['catalog', 'stock']);
});

test('closing waits for what runs, and not for connections that nobody uses', async () => {
  graph = await runGraph();
  // Opened in advance and never used, as browsers do.
  const idle = connect(Number(new URL(graph.router.url).port), '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const open = shut(graph.seen.catalog);
  const running = graph.ask('{ products { title } }');
  await expect.poll(() => graph.seen.catalog.calls.length).toBe(1);
  const closed = graph.router.close();
  open();
  expect(await running).toMatchObject({ errors: [], data: { products: [{}, {}, {}] } });
  await closed;
  await expect(graph.ask('{ products { title } }')).rejects.toThrow();
});
