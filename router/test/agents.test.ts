import { readFileSync } from 'node:fs';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { committedTools } from '../src/agents/settings.ts';
import { describeTool, readTools, type ToolDocument, ToolsError } from '../src/agents/tool.ts';
import { Graph } from '../src/graph/graph.ts';
import { authorizationServersOf } from '../src/identity/settings.ts';
import { createLimits } from '../src/limits/document-limits.ts';
import { Documents } from '../src/operations/documents.ts';
import { PlanningThread } from '../src/planning/planning-thread.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

const tools: ToolDocument[] = [
  {
    name: 'product',
    description: 'One product by its id.',
    text: 'query Product($id: ID!, $plus: Int = 1) { product(id: $id) { title available(plus: $plus) } }',
  },
  { name: 'adjust', description: 'Changes the stock.', text: 'mutation Adjust($by: Int!) { adjust(by: $by) }' },
  { name: 'secret', description: 'For few.', text: '{ secret }' },
  { name: 'gone', description: 'Of a field that is no more.', text: '{ noSuchField }' },
];

describe('tools for agents', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph({ agentTools: tools, corsOrigins: ['https://shop.example'] });
  });
  afterAll(() => graph.close());

  async function connect(authorization?: string): Promise<Client> {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${graph.router.url}/mcp`), {
        requestInit: { headers: authorization ? { authorization } : {} },
      }),
    );
    return client;
  }
  const call = async (client: Client, name: string, given: Record<string, unknown> = {}) => {
    const { structuredContent, isError, content } = await client.callTool({ name, arguments: given });
    return { outcome: structuredContent, isError: isError ?? false, content };
  };

  test('are listed with what they take, by the schema that is served', async () => {
    const client = await connect();
    const { tools: listed } = await client.listTools();
    await client.close();
    expect(listed.map(({ name }) => name)).toEqual(['product', 'adjust', 'secret']);
    expect(listed[0]).toMatchObject({
      title: 'Product',
      description: 'One product by its id.',
      inputSchema: {
        type: 'object',
        properties: { id: { type: 'string' }, plus: { type: 'integer', default: 1 } },
        required: ['id'],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    });
    expect(listed[1]).toMatchObject({ annotations: { readOnlyHint: false } });
    const again = await connect();
    await again.listTools();
    await again.close();
    // Told once for the schema, however often the list is asked for.
    expect(graph.log.filter(({ tool }) => tool === 'gone')).toHaveLength(1);
  });

  test('run through all subgraphs that they need', async () => {
    const client = await connect();
    const { outcome, isError, content } = await call(client, 'product', { id: '2', plus: 3 });
    await client.close();
    expect({ outcome, isError }).toEqual({
      outcome: { data: { product: { title: 'Product 2', available: 10 } }, errors: [] },
      isError: false,
    });
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(outcome) }]);
    expect(graph.log).toContainEqual(
      expect.objectContaining({ msg: 'operation', operation: 'tool product', viewer: 'guest', status: 'ok' }),
    );
  });

  test('see what their bearer may see, and nothing else', async () => {
    const guest = await connect();
    expect(await call(guest, 'secret')).toMatchObject({
      isError: true,
      outcome: { data: { secret: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    await guest.close();
    const reader = await connect(`Bearer ${await graph.token({ scopes: ['secret:read'] })}`);
    expect(await call(reader, 'secret')).toMatchObject({ isError: false, outcome: { data: { secret: 'the secret' } } });
    await reader.close();
    await expect(connect('Bearer forged')).rejects.toThrow();
    const forged = await post(list, { authorization: 'Bearer forged' });
    expect(forged.status).toBe(401);
    expect(forged.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  test.each([
    ['a value of the wrong type', 'product', { id: { no: 1 } }, 'BAD_USER_INPUT'],
    ['a missing value', 'product', {}, 'BAD_USER_INPUT'],
    ['a value that the tool does not take', 'product', { id: '1', pluss: 2 }, 'BAD_USER_INPUT'],
  ])('%s is told so that it can be mended', async (_what, name, given, code) => {
    const client = await connect();
    const { outcome, isError } = await call(client, name, given);
    await client.close();
    expect(isError).toBe(true);
    expect(outcome).toMatchObject({ data: null, errors: [{ extensions: { code } }] });
  });

  test('there are those that are listed, and no other document', async () => {
    const client = await connect();
    await expect(call(client, '{ warehouses }')).rejects.toThrow('There is no tool');
    await client.close();
  });

  test('there is nothing to listen to, and whoever tries is told so at once', async () => {
    const response = await postModern('subscriptions/listen', { notifications: { toolsListChanged: true } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ id: 7, error: { code: -32601 } });
  });

  test('run for clients that begin with nothing but the call, whose names are told', async () => {
    const call = { name: 'product', arguments: { id: '3' } };
    const response = await postModern('tools/call', call, { 'mcp-name': 'product' });
    expect(await response.json()).toMatchObject({
      id: 7,
      result: { structuredContent: { data: { product: { title: 'Product 3' } } } },
    });
    expect(graph.log).toContainEqual(expect.objectContaining({ operation: 'tool product', client: 'an agent' }));
  });

  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${graph.router.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(body),
    });

  /** By the revision that has no sessions. */
  const postModern = (method: string, params: object, headers: Record<string, string> = {}) => {
    const version = '2026-07-28';
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'an agent', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const message = { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta } };
    return post(message, { 'mcp-protocol-version': version, 'mcp-method': method, ...headers });
  };

  test('pages of strange origins get nothing', async () => {
    expect((await post(list, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(list, { origin: 'https://shop.example' })).status).toBe(200);
  });

  test('many calls in one request are not taken', async () => {
    const response = await post([list, { ...list, id: 2 }]);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('batches are not taken');
  });

  test('are there by whatever name a client calls the host', async () => {
    const body = JSON.stringify(list);
    const { hostname, port } = new URL(graph.router.url);
    const socket = connectSocket(Number(port), hostname);
    socket.end(
      `POST /mcp HTTP/1.1\r\nHost: [\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  });
});

test.each([
  ['no points left, no tool', { id: '1' }],
  ['calls that are refused cost points too', {}],
])('%s', async (_what, given) => {
  const graph = await runGraph({
    agentTools: tools,
    rateLimits: { budgets: { guest: { points: 5, seconds: 60 } }, loopback: true },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${graph.router.url}/mcp`)));
  const codes: unknown[] = [];
  for (let index = 0; index < 12; index += 1) {
    const { structuredContent } = await client.callTool({ name: 'product', arguments: given });
    codes.push((structuredContent as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code);
  }
  await client.close();
  await graph.close();
  expect(codes).toContain('RATE_LIMITED');
});

test('a credential that does not hold is refused with the advice where to get another', async () => {
  const authorizationServers = authorizationServersOf([
    { issuer: 'https://login.example', audience: 'shop', keys: { jwksUrl: 'https://login.example/keys' } },
    { issuer: 'mercato:clients', audience: 'shop', keys: { publicKeys: [] } },
  ]);
  const graph = await runGraph({ agentTools: tools, publicUrl: 'https://shop.example/', authorizationServers }, []);
  const { port } = graph.router.server.server.address() as AddressInfo;
  const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  const forged = { authorization: 'Bearer forged', 'content-type': 'application/json' };
  const refused = await at('/mcp', { method: 'POST', headers: forged, body: '{}' });
  expect(refused.status).toBe(401);
  const known = '/.well-known/oauth-protected-resource/mcp';
  expect(refused.headers.get('www-authenticate')).toBe(
    `Bearer error="invalid_token", resource_metadata="https://shop.example${known}"`,
  );
  expect(await (await at(known)).json()).toEqual({
    resource: 'https://shop.example/mcp',
    authorization_servers: ['https://login.example'],
    bearer_methods_supported: ['header'],
  });
  await graph.close();
});

test('the tools that come with the router hold for the graph, and take what it wants', async () => {
  const planning = new PlanningThread();
  const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const graph = await Graph.load(sdl, planning);
  const documents = new Documents({ graph, introspection: true, limits: createLimits() });
  const described = readTools(committedTools).map((tool) => describeTool(tool, documents));
  await planning.close();
  expect(described.map(({ name }) => name)).toEqual([
    'add_to_cart',
    'change_cart',
    'create_cart',
    'order_status',
    'product',
    'search_products',
    'view_cart',
  ]);
  const search = described.find(({ name }) => name === 'search_products');
  expect(search?.inputSchema).toMatchObject({
    properties: { first: { type: 'integer', default: 10 }, filter: { $ref: '#/$defs/ProductFilter' } },
    $defs: {
      ProductFilter: {
        type: 'object',
        properties: {
          priceMin: {
            type: 'string',
            description: expect.stringMatching(/^Some variant costs at least this\. .*decimal/i),
          },
          vendors: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  });
  const opening = described.find(({ name }) => name === 'create_cart');
  expect(opening?.inputSchema).toMatchObject({
    $defs: { CartLineInput: { properties: { quantity: { default: 1 } } } },
  });
  // What the schema says of an argument is told of the variable that is given for it.
  for (const { inputSchema } of described) {
    for (const value of Object.values(inputSchema.properties as Record<string, unknown>)) {
      expect(value).toHaveProperty('description', expect.stringMatching(/\w+/));
    }
  }
});

test('a folder of tools that is none says so', () => {
  expect(() => readTools('/nowhere')).toThrow(ToolsError);
});
