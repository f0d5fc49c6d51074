import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstQuery } from '../explorer/first-query.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let graph: RunningGraph;
beforeAll(async () => {
  if (!existsSync(pathOf('../dist/explorer/index.html'))) {
    const { build } = await import('vite');
    await build({ configFile: pathOf('../explorer/vite.config.ts') });
  }
  graph = await runGraph({ supergraphSdl: readFileSync(pathOf('../../schema/supergraph.graphql'), 'utf8') });
});
afterAll(() => graph.close());

test('the page and all it loads come from here, and may come from nowhere else', async () => {
  const page = await fetch(`${graph.router.url}/graphiql`);
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  const files = loaded.filter((path) => !path.startsWith('data:'));

  expect(page.url).toBe(`${graph.router.url}/graphiql/`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const path of files) {
    expect(path).toMatch(/^\.\/assets\//);
    const file = await fetch(new URL(path, page.url));
    await file.arrayBuffer();
    expect({ path, status: file.status, cache: file.headers.get('cache-control') }).toEqual({
      path,
      status: 200,
      cache: 'public, max-age=31536000, immutable',
    });
  }
});

test('the query that it opens with fits the schema', async () => {
  // No subgraph of the shop runs here: that they are asked shows that the query was accepted.
  const { status, errors } = await graph.ask(firstQuery);
  expect(status).toBe(200);
  expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'products' } }]);
});

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

test.skipIf(!chromium)('a browser without internet shows it, with its query', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'mercato-explorer-'));
  const { stdout } = await promisify(execFile)(
    chromium ?? '',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--user-data-dir=${profile}`,
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--virtual-time-budget=20000',
      '--dump-dom',
      `${graph.router.url}/graphiql/`,
    ],
    { maxBuffer: 32 * 1024 * 1024 },
  ).finally(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  expect(stdout).toContain('graphiql-execute-button');
  expect(stdout).toContain('FirstLook');
});
