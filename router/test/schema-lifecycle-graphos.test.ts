import { composeSupergraph } from '@mercato/schema/compose';
import { createLogger } from '@mercato/telemetry';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { getIntrospectionQuery, Source } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { SubgraphCalls } from '../src/graphos/subgraph-calls.ts';
import { uplinkSource } from '../src/graphos/uplink-source.ts';
import { follow as followLive } from './graph/live-client.ts';
import { runLiveGraph } from './graph/live-graph.ts';
import { type RunningGraph, runGraph, supergraphSdl } from './graph/running-graph.ts';
import { catalogSdl, stockSdl } from './graph/shop.ts';
import { type Apollo, startApollo } from './graphos/apollo.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const account = { apiKey: 'service:shop:secret', graphRef: 'shop@current' };
const grown = composeSupergraph([
  { name: 'catalog', source: new Source(catalogSdl.replace('parent: Product', 'parent: Product subtitle: String')) },
  { name: 'stock', source: new Source(stockSdl) },
]);

let apollo: Apollo;
let graph: RunningGraph | undefined;
beforeEach(async () => {
  apollo = await startApollo({ apiKey: account.apiKey, sdl: supergraphSdl });
});
afterEach(async () => {
  await graph?.close();
  graph = undefined;
  await apollo.close();
});

/** What the reports hold of the operation with this signature. */
const entriesOf = (signature: string) =>
  apollo.reports.flatMap(({ report }) =>
    Object.entries(report.tracesPerQuery).flatMap(([key, value]) => (key.includes(signature) ? [value] : [])),
  );

const statsIn = (signature: string) =>
  entriesOf(signature).flatMap(({ statsWithContext }) => (Array.isArray(statsWithContext) ? statsWithContext : []));

const reporting = (fieldLevelInstrumentation: number) => ({
  usageReporting: { ...account, endpointUrl: apollo.url, every: 50, fieldLevelInstrumentation },
});

const follow = (apiKey = account.apiKey) =>
  uplinkSource({ ...account, apiKey }, { urls: [apollo.url], attempts: 0, logger });

test('the supergraph of GraphOS is served and followed; while Uplink is away the last one stays', async () => {
  const started = await runGraph(await follow());
  graph = started;
  const knows = async () => (await started.ask('{ product(id: 1) { subtitle } }')).data !== undefined;
  expect((await started.ask('{ product(id: 1) { title } }')).data).toEqual({ product: { title: 'Product 1' } });
  await expect.poll(() => apollo.asked.length).toBeGreaterThan(1);
  expect(apollo.asked.slice(0, 2)).toEqual([
    { ref: 'shop@current', apiKey: account.apiKey, ifAfterId: null },
    { ref: 'shop@current', apiKey: account.apiKey, ifAfterId: '1' },
  ]);
  expect(await knows()).toBe(false);

  apollo.isDown = true;
  await expect.poll(() => apollo.missed).toBeGreaterThan(0);
  expect((await started.ask('{ product(id: 1) { title } }')).errors).toEqual([]);
  apollo.isDown = false;
  apollo.supergraph = { id: '2', sdl: grown };
  await expect.poll(knows, { timeout: 15_000 }).toBe(true);
  apollo.supergraph = { id: '3', sdl: 'type Query { broken: Int }' };
  await expect.poll(() => apollo.asked.at(-1)?.ifAfterId, { timeout: 15_000 }).toBe('3');
  expect(await knows()).toBe(true);
});

test('a key that does not hold is told at the start', async () => {
  await expect(follow('another')).rejects.toThrow('The key does not hold.');
});

test('what is asked is reported: by operation, client and errors, without variables', async () => {
  const text = 'query LookUp($id: ID!) { product(id: $id) { title } }';
  graph = await runGraph({
    ...reporting(0),
    agentTools: [{ name: 'look_up', description: 'A product.', text }],
  });
  const headers = { 'apollographql-client-name': 'storefront', 'apollographql-client-version': '1.2' };
  const query = 'query Titles($id: ID!) { one: product(id: $id) { title } }';
  for (const id of ['1', 'a private matter']) await graph.ask(query, { headers, variables: { id } });
  await graph.ask('query Broken { broken }');
  await graph.ask('query Unknown { nothingOfThat }');
  await graph.ask('{ half');
  const client = createClient({
    url: `${graph.router.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  await followLive(client, 'query Socketed { products { title } }').next();
  await client.dispose();
  const agent = new Client({ name: 'test', version: '1.0.0' });
  await agent.connect(new StreamableHTTPClientTransport(new URL(`${graph.router.url}/mcp`)));
  await agent.callTool({ name: 'look_up', arguments: { id: '1' } });
  await agent.close();
  await graph.router.close();

  const all = apollo.reports.flatMap(({ report }) => Object.entries(report.tracesPerQuery));
  const named = (part: string) => all.filter(([key]) => key.includes(part)).map(([, value]) => value);
  expect(new Set(apollo.reports.map(({ apiKey }) => apiKey))).toEqual(new Set([account.apiKey]));
  for (const { report } of apollo.reports) expect(report.header).toMatchObject({ graphRef: 'shop@current' });
  expect(apollo.reports.reduce((sum, { report }) => sum + Number(report.operationCount), 0)).toBe(5);

  const titles = statsIn('# Titles\n');
  expect(titles.map(({ context }) => [context?.clientName, context?.clientVersion])).toContainEqual([
    'storefront',
    '1.2',
  ]);
  const counted = titles.reduce((sum, { queryLatencyStats }) => sum + Number(queryLatencyStats?.requestCount), 0);
  expect(counted).toBe(2);
  const [{ referencedFieldsByType }] = named('# Titles\n') as [(typeof all)[number][1]];
  expect(Object.keys(referencedFieldsByType ?? {}).sort()).toEqual(['Product', 'Query']);
  expect(JSON.stringify(all)).not.toContain('a private matter');
  for (const name of ['Broken', 'Socketed', 'LookUp']) expect(named(`# ${name}\n`)).toHaveLength(1);
  expect(named('## GraphQLValidationFailure')).toHaveLength(1);
  expect(named('## GraphQLParseFailure')).toHaveLength(1);
});

const traced = 'query Traced { products { id name: title available } refused }';

test('what fields took is reported along the plan, with no more of errors than their codes', async () => {
  graph = await runGraph(reporting(1));
  const answer = await graph.ask(traced);
  expect(answer.errors).toHaveLength(1);
  expect(answer.text).not.toContain('ftv1');
  // The first report holds the trace as it is; from then on Apollo wants it counted.
  await expect.poll(() => entriesOf('# Traced\n')).toHaveLength(1);
  const [whole] = entriesOf('# Traced\n').flatMap(({ trace }) => (Array.isArray(trace) ? trace : []));
  expect(whole).toMatchObject({
    queryPlan: {
      sequence: {
        nodes: [
          { fetch: { serviceName: 'catalog', trace: { root: { child: [{ responseName: 'products' }, refusal] } } } },
          {
            flatten: {
              responsePath: [{ fieldName: 'products' }, { fieldName: '@' }],
              node: { fetch: { serviceName: 'stock', trace: { root: { child: [{ responseName: '_entities' }] } } } },
            },
          },
        ],
      },
    },
  });
  expect(JSON.stringify(whole)).not.toContain('Give a shorter name');
});

const refusal = {
  responseName: 'refused',
  error: [{ message: '<masked>', json: '{"message":"<masked>","extensions":{"code":"BAD_USER_INPUT"}}' }],
};

const refusedBy = (subgraph: string) => ({
  children: { [`service:${subgraph}`]: { children: { refused: { errorsCount: '1' } } } },
});

const counted = async (operation: string) => {
  await expect.poll(() => statsIn(`# ${operation}\n`)).not.toEqual([]);
  return JSON.parse(JSON.stringify(statsIn(`# ${operation}\n`)[0]));
};

test('of a share of operations it is counted what fields took, for all of them', async () => {
  graph = await runGraph(reporting(0.25));
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.2);
  onTestFinished(() => random.mockRestore());
  // Until the router has read that Apollo wants no whole traces.
  await expect
    .poll(() => graph?.ask('query First { products { id } }').then(() => statsIn('# First\n')))
    .not.toEqual([]);
  const query = 'query Traced($yes: Boolean!) { products { id name: title available @include(if: $yes) } refused }';
  await graph.ask(query, { variables: { yes: true } });
  random.mockReturnValue(0.3);
  await graph.ask('query Untraced { refused products { title } }');

  const traced = await counted('Traced');
  const { Product } = traced.perTypeStat;
  expect(Object.keys(Product.perFieldStat).sort()).toEqual(['available', 'id', 'title']);
  expect(Product.perFieldStat.title).toMatchObject({ observedExecutionCount: '3', estimatedExecutionCount: '12' });
  expect(traced.queryLatencyStats).toMatchObject({
    requestsWithoutFieldInstrumentation: '0',
    requestsWithErrorsCount: '1',
    rootErrorStats: refusedBy('catalog'),
  });
  const untraced = await counted('Untraced');
  expect(untraced).not.toHaveProperty('perTypeStat');
  expect(untraced.queryLatencyStats).toMatchObject({
    requestsWithoutFieldInstrumentation: '1',
    requestsWithErrorsCount: '1',
    rootErrorStats: refusedBy('catalog'),
  });
});

test('what is traced joins no call that is not, and is traced over a WebSocket and as a tool too', async () => {
  const tool = { name: 'titles', description: 'All titles.', text: 'query Tool { products { title } }' };
  graph = await runGraph({ ...reporting(1), agentTools: [tool] });
  await Promise.all([1, 2, 3].map(() => graph?.ask('query Same { products { title } }')));
  expect(graph.seen.catalog.calls).toHaveLength(3);

  const url = `${graph.router.url.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  await followLive(client, 'query Socketed { products { title } }').next();
  await client.dispose();
  const agent = new Client({ name: 'test', version: '1.0.0' });
  await agent.connect(new StreamableHTTPClientTransport(new URL(`${graph.router.url}/mcp`)));
  await agent.callTool({ name: 'titles', arguments: {} });
  await agent.close();
  for (const name of ['Same', 'Socketed', 'Tool']) {
    await expect.poll(() => entriesOf(`# ${name}\n`)).not.toEqual([]);
    const [{ trace, statsWithContext } = {}] = entriesOf(`# ${name}\n`);
    expect(JSON.stringify([trace, statsWithContext])).toMatch(/"responseName":"title"|"title":\{"returnType"/);
  }
});

test('events of a subscription, which may go on for days, are not kept for a report', async () => {
  const live = await runLiveGraph(reporting(1));
  onTestFinished(() => live.close());
  const begin = vi.spyOn(SubgraphCalls.prototype, 'begin');
  onTestFinished(() => begin.mockRestore());
  const follower = followLive(live.client(), 'subscription { orderUpdated(id: "A") { status label } }');
  expect(await follower.next()).toEqual({ data: { orderUpdated: { status: 0, label: 'Order A is 0' } } });
  expect(begin).not.toHaveBeenCalled();
  await followLive(live.client(), '{ order(id: "A") { label } }').next();
  expect(begin).toHaveBeenCalledTimes(2);
  await live.leave();
});

test('a subgraph that is gone has its errors counted as its own; what was not run is not taken for traced', async () => {
  graph = await runGraph(reporting(1));
  await graph.stop('catalog');
  await graph.ask('query Gone { refused }');
  expect((await counted('Gone')).queryLatencyStats.rootErrorStats).toMatchObject(refusedBy('catalog'));
  await graph.ask('query Refused($id: ID!) { product(id: $id) { id } }');
  expect((await counted('Refused')).queryLatencyStats).toMatchObject({
    requestsWithErrorsCount: '1',
    requestsWithoutFieldInstrumentation: '1',
    rootErrorStats: { errorsCount: '1' },
  });
});

test('requests are answered while reports go nowhere', async () => {
  apollo.isDown = true;
  graph = await runGraph({ usageReporting: { ...account, endpointUrl: apollo.url, every: 20 } });
  for (let turn = 0; turn < 5; turn += 1) expect((await graph.ask('{ product(id: 1) { title } }')).errors).toEqual([]);
  await expect.poll(() => apollo.missed).toBeGreaterThan(0);
});

test("Apollo Studio's explorer may ask from its pages, and is told the schema", async () => {
  graph = await runGraph();
  const origin = 'https://studio.apollographql.com';
  const preflight = await fetch(`${graph.router.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization,apollographql-client-name',
    },
  });
  expect(preflight.status).toBeLessThan(300);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase();
  for (const name of ['content-type', 'authorization', 'apollographql-client-name']) expect(allowed).toContain(name);

  const { data, headers } = await graph.ask(getIntrospectionQuery(), { headers: { origin } });
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(data).toHaveProperty('__schema.queryType.name', 'Query');
});
