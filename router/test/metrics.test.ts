import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { follow } from './graph/live-client.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { warmThread } from './graph/warm-threads.ts';

const document = 'query Trusted { product(id: "1") { title available } }';

let folder: string;
let graph: RunningGraph;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-metrics-'));
  const manifest = join(folder, 'shop.json');
  writeFileSync(manifest, JSON.stringify({ 'trusted-1': document }));
  graph = await runGraph({
    metrics: { port: 0, open: true },
    trustedDocuments: { shop: { file: manifest } },
    agentTools: [
      { name: 'look_up', description: 'A product.', text: 'query LookUp($id: ID!) { product(id: $id) { title } }' },
    ],
    timeouts: { subgraph: 500, operation: 1_000 },
  });
});
afterAll(async () => {
  await graph?.close();
  rmSync(folder, { recursive: true, force: true });
});

const read = async (url = `${graph.router.url}/metrics`, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

/** The value of one series; 0 where there is none. */
async function value(series: string): Promise<number> {
  const { text } = await read();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line ? Number(line.slice(series.length + 1)) : 0;
}

const portOf = (url = '') => Number(new URL(url).port);

const operations = (operation: string, client: string, outcome: string) =>
  `mercato_router_operations_total{operation="${operation}",client="${client}",outcome="${outcome}"}`;

describe('operations', () => {
  test('are counted whichever way they come', async () => {
    const client = createClient({
      url: `${graph.router.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      // As a browser's client says it, whose WebSocket has no headers.
      connectionParams: { 'apollographql-client-name': 'web' },
    });
    expect(await follow(client, 'query Socketed { product(id: 1) { title } }').next()).toHaveProperty('data.product');
    await client.dispose();
    const agent = new Client({ name: 'test', version: '1.0.0' });
    await agent.connect(new StreamableHTTPClientTransport(new URL(`${graph.router.url}/mcp`)));
    await agent.callTool({ name: 'look_up', arguments: { id: '1' } });
    await agent.callTool({ name: 'look_up', arguments: {} });
    await agent.close();

    expect(await value(operations('Socketed', 'web', 'ok'))).toBe(1);
    expect(await value(operations('tool look_up', 'unnamed', 'ok'))).toBe(1);
    expect(await value(operations('tool look_up', 'unnamed', 'refused'))).toBe(1);
    expect(await value('mercato_router_operation_cost_actual_total{operation="tool look_up"}')).toBeGreaterThan(0);
  });

  test('are counted by name, client and end, with how long they took and what they cost', async () => {
    const headers = { 'apollographql-client-name': 'web' };
    await graph.ask(document, { headers });
    await graph.ask(document, { headers });
    await graph.ask('query Broken { broken }');
    await graph.ask('query Wrong { nothing }');
    expect(await value(operations('Trusted', 'web', 'ok'))).toBe(2);
    expect(await value(operations('Broken', 'unnamed', 'errors'))).toBe(1);
    expect(await value(operations('unread', 'unnamed', 'refused'))).toBe(1);
    expect(await value('mercato_router_operation_duration_seconds_count{operation="Trusted"}')).toBe(2);
    expect(await value('mercato_router_operation_cost_estimated_total{operation="Trusted"}')).toBeGreaterThan(0);
    expect(await value('mercato_router_operation_cost_actual_total{operation="Trusted"}')).toBeGreaterThan(0);
    expect(await value('mercato_router_errors_total{code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1);
  });

  test('that only have the name of a trusted document do not spoil its figures', async () => {
    const before = await value('mercato_router_operation_duration_seconds_count{operation="Trusted"}');
    await graph.ask('query Trusted { whoAmI }');
    expect(await value('mercato_router_operation_duration_seconds_count{operation="Trusted"}')).toBe(before);
    expect(await value(operations('other', 'unnamed', 'ok'))).toBeGreaterThan(0);
  });

  test('and clients of made-up names do not make series without end', async () => {
    for (let index = 0; index < 150; index += 1) {
      const headers = { 'apollographql-client-name': `client ${index}` };
      await graph.ask(`query Made${index} { __typename }`, { headers });
    }
    const { text } = await read();
    const named = (pattern: RegExp) => new Set(text.match(pattern)).size;
    expect(named(/operation="[^"]*"/g)).toBeLessThan(110);
    expect(named(/client="[^"]*"/g)).toBeLessThan(25);
    expect(await value(operations('other', 'other', 'ok'))).toBeGreaterThan(40);
    // A trusted one has its place all the same.
    const before = await value('mercato_router_operation_duration_seconds_count{operation="Trusted"}');
    await graph.ask(document);
    expect(await value('mercato_router_operation_duration_seconds_count{operation="Trusted"}')).toBe(before + 1);
  });
});

test('plans and documents are counted as known or not', async () => {
  const [made, known] = ['made', 'known'].map((outcome) => `mercato_router_plans_total{outcome="${outcome}"}`);
  const read = 'mercato_router_documents_total{outcome="read"}';
  const before = { made: await value(`${made}`), known: await value(`${known}`), read: await value(read) };
  for (let time = 0; time < 3; time += 1) await graph.ask('query Planned { products { id available } }');
  expect(await value(`${made}`)).toBe(before.made + 1);
  expect(await value(`${known}`)).toBe(before.known + 2);
  expect(await value(read)).toBe(before.read + 1);
  expect(await value('mercato_router_planning_duration_seconds_count')).toBe(before.made + 1);
});

test('documents that are named by a hash are counted', async () => {
  const query = 'query Named { products { id } }';
  const { createHash } = await import('node:crypto');
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const send = (body: object) =>
    fetch(`${graph.router.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
    }).then((response) => response.text());
  await send({});
  await send({ query });
  await send({});
  for (const outcome of ['missing', 'registered', 'found']) {
    expect(await value(`mercato_router_persisted_queries_total{outcome="${outcome}"}`)).toBe(1);
  }
});

test('calls to subgraphs are counted by their ends, and what becomes of their instances is told', async () => {
  const calls = (subgraph: string, outcome: string) =>
    `mercato_router_subgraph_calls_total{subgraph="${subgraph}",outcome="${outcome}"}`;
  const before = await value(calls('stock', 'ok'));
  await graph.ask('query Stocked { warehouses }');
  expect(await value(calls('stock', 'ok'))).toBe(before + 1);
  expect(await value('mercato_router_subgraph_call_duration_seconds_count{subgraph="stock"}')).toBeGreaterThan(0);
  expect(await value('mercato_router_subgraph_instances{subgraph="stock",state="serving"}')).toBe(1);
  expect(await value('mercato_router_subgraph_breaker_state{subgraph="stock"}')).toBe(0);
  await graph.stop('stock');
  for (let time = 0; time < 30; time += 1) await graph.ask('query Stocked { warehouses }');
  await graph.start('stock');
  expect(await value(calls('stock', 'unreachable'))).toBeGreaterThan(0);
  expect(await value('mercato_router_subgraph_breaker_openings_total{subgraph="stock"}')).toBeGreaterThan(0);
  expect(await value(calls('stock', 'circuit-open'))).toBeGreaterThan(0);
});

test('the schema that is served is named', async () => {
  const { text } = await read();
  expect(text).toMatch(/mercato_router_schema_info\{version="[0-9a-f]{12}"\} 1/);
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

test.each([
  ['the port for metrics is taken', () => ({ metrics: { port: portOf(graph.router.metricsUrl) } })],
  ['its own port is taken', () => ({ port: portOf(graph.router.url), metrics: { port: 0 } })],
  ['a folder of trusted documents is missing', () => ({ trustedDocuments: { shop: { file: '/nowhere.json' } } })],
  ['the schema is none', () => ({ supergraphSdl: 'type Query { broken: Int }' })],
])('a router does not start where %s, and leaves nothing open', async (_why, options) => {
  let isClosed = false;
  let planning = 0;
  const start = (memoryMb: number) => {
    const thread = warmThread(memoryMb);
    const terminate = thread.terminate.bind(thread);
    planning += 1;
    thread.terminate = () => {
      planning -= 1;
      return terminate();
    };
    return thread;
  };
  const schemaSource = {
    start: () => {},
    close: async () => {
      isClosed = true;
    },
  };
  await expect(runGraph({ ...options(), schemaSource, planning: { start } }, [])).rejects.toThrow();
  expect(isClosed).toBe(true);
  expect(planning).toBe(0);
});

describe('who may read them', () => {
  test('whoever reaches their own port, which tells nothing else', async () => {
    expect(graph.router.metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect((await read(graph.router.metricsUrl)).text).toContain('mercato_router_operations_total');
    expect((await read(`${new URL('/graphql', graph.router.metricsUrl)}`)).status).toBe(404);
  });

  test('at the port of the API: this machine where it is open, and else a credential with the scope', async () => {
    // As behind a proxy: the connection is from here, the request is not.
    const elsewhere = { 'x-forwarded-for': '203.0.113.7' };
    const guest = await read(undefined, elsewhere);
    expect(guest.status).toBe(401);
    expect(guest.headers.get('www-authenticate')).toContain('Bearer');
    const without = `Bearer ${await graph.token({ scopes: ['orders:read'] })}`;
    expect((await read(undefined, { ...elsewhere, authorization: without })).status).toBe(403);
    const wrong = await read(undefined, { ...elsewhere, authorization: 'Bearer nonsense' });
    expect(wrong.status).toBe(401);
    const scoped = `Bearer ${await graph.token({ scopes: ['metrics:read'] })}`;
    const allowed = await read(undefined, { ...elsewhere, authorization: scoped });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('content-type')).toContain('version=0.0.4');
    expect(allowed.headers.get('cache-control')).toBe('no-store');
  });

  test('nobody where nothing is measured', async () => {
    const plain = await runGraph({}, []);
    expect((await fetch(`${plain.router.url}/metrics`)).status).toBe(404);
    expect(plain.router.metricsUrl).toBeUndefined();
    await plain.close();
  });
});
