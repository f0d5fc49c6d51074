import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKey } from '@mercato/auth';
import { bundleProgram } from '@mercato/bundle';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { issueToken } from '../src/index.ts';
import { ask, supergraphSdl } from './graph/running-graph.ts';
import { type Apollo, startApollo } from './graphos/apollo.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = await bundleProgram('router/src/main.ts');
let dataDir: string;
let child: ChildProcess | undefined;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mercato-router-process-'));
});
afterEach(() => child?.kill('SIGKILL'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Started {
  url: Promise<string>;
  exit: Promise<{ code: number | null; said: string }>;
}

function start(environment: Record<string, string>): Started {
  const started = spawn(process.execPath, [program], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child = started;
  let said = '';
  started.stdout?.on('data', (text) => {
    said += text;
  });
  started.stderr?.on('data', (text) => {
    said += text;
  });
  return {
    url: new Promise((resolve) => {
      started.once('message', (message: { url: string }) => resolve(message.url));
    }),
    exit: new Promise((resolve) => {
      started.once('close', (code) => resolve({ code, said }));
    }),
  };
}

const complete = () => ({
  PORT: '0',
  SUBGRAPH_URLS: JSON.stringify({ products: 'http://127.0.0.1:1/graphql' }),
  SIGNING_KEY: JSON.stringify(generateKey()),
});

test('runs from its environment alone, with no subgraph there, and stops on SIGTERM', async () => {
  const { url, exit } = start({ ...complete(), MERCATO_DATA_DIR: dataDir });
  const address = await url;
  const ready = await fetch(`${address}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'degraded', subgraphs: { products: 'down', cart: 'down' } });

  // The data folder means one machine: its tokens hold, and people may look around.
  const token = await issueToken({ dataDir, scopes: [], kind: 'staff', subject: 'ada', expires: '5m' });
  const answer = await ask(address, '{ __schema { queryType { name } } }', {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer).toMatchObject({ status: 200, data: { __schema: { queryType: { name: 'Query' } } } });
  const asked = await ask(address, '{ products(first: 1) { totalCount } }');
  expect(asked.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'products' } }]);

  child?.kill('SIGTERM');
  expect(await exit).toMatchObject({ code: 0 });
});

const graphos = (apollo: Apollo) => ({
  APOLLO_KEY: 'service:shop:secret',
  APOLLO_GRAPH_REF: 'shop@current',
  APOLLO_SCHEMA_CONFIG_DELIVERY_ENDPOINT: apollo.url,
  APOLLO_USAGE_REPORTING_INGRESS_URL: apollo.url,
});

test('what is asked is reported to GraphOS, by the settings of Apollo', async () => {
  const sdl = readFileSync(join(root, 'schema', 'supergraph.graphql'), 'utf8');
  const apollo = await startApollo({ apiKey: 'service:shop:secret', sdl });
  const { url, exit } = start({ ...complete(), ...graphos(apollo), APOLLO_FIELD_LEVEL_INSTRUMENTATION: '1' });
  await ask(await url, 'query Total { products(first: 1) { totalCount } }');
  child?.kill('SIGTERM');
  expect(await exit).toMatchObject({ code: 0 });
  await apollo.close();
  const [[signature, told] = []] = apollo.reports.flatMap(({ report }) => Object.entries(report.tracesPerQuery));
  expect(signature).toBe('# Total\nquery Total{products(first:0){totalCount}}');
  // Its subgraph is not there, but would have been asked what its fields take.
  expect(JSON.parse(JSON.stringify(told?.statsWithContext))).toMatchObject([
    { queryLatencyStats: { requestsWithErrorsCount: '1', requestsWithoutFieldInstrumentation: '0' } },
  ]);
});

test('a graph that a contract has nothing of is refused in one sentence', async () => {
  const apollo = await startApollo({ apiKey: 'service:shop:secret', sdl: supergraphSdl });
  const { exit } = start({ ...complete(), ...graphos(apollo) });
  const { code, said } = await exit;
  await apollo.close();
  expect(code).toBe(2);
  expect(said).toContain('The contract partner cannot be served: The tags leave no query in the contract.');
  expect(said).not.toContain('    at ');
});

test('without a data folder nothing is open: no introspection, no explorer, no token of ours', async () => {
  const { url } = start(complete());
  const address = await url;
  expect((await ask(address, '{ __schema { queryType { name } } }')).data).toBeUndefined();
  expect((await fetch(`${address}/graphiql`)).status).toBe(404);
  const token = await issueToken({ dataDir, scopes: [], kind: 'staff', subject: 'ada', expires: '5m' });
  const answer = await ask(address, '{ __typename }', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(401);
});

test.each([
  ['nothing', {}, ['SUBGRAPH_URLS is not set', 'SIGNING_KEY is not set']],
  ['a wrong port', { ...complete(), PORT: 'http' }, ['PORT is wrong']],
  [
    'a key set without its issuer',
    { ...complete(), JWKS_URL: 'https://login.example/jwks' },
    ['JWT_ISSUER and JWT_AUDIENCE'],
  ],
  [
    'a share that is none',
    { ...complete(), APOLLO_FIELD_LEVEL_INSTRUMENTATION: '1.5' },
    ['APOLLO_FIELD_LEVEL_INSTRUMENTATION is wrong'],
  ],
])('with %s it says what is wanted and ends', async (_what, environment, sentences) => {
  const { exit } = start(environment as Record<string, string>);
  const { code, said } = await exit;
  expect(code).toBe(2);
  for (const sentence of sentences) expect(said).toContain(sentence);
  expect(said).not.toContain('    at ');
});
