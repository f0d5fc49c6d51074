import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../src/client.ts';
import { documentOf } from '../src/documents.ts';
import { anOrder } from '../src/orders.ts';
import { aCart, aProduct, complete, readyToPay } from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

interface RecordedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a collector is sent, as far as it is looked at here: https://opentelemetry.io/docs/specs/otlp/ */
interface ExportRequest {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: Attribute[] }[];
    }[];
  }[];
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

const asRecord = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

function spansIn({ resourceSpans }: ExportRequest): RecordedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(asRecord(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, attributes }) => ({
        service,
        traceId,
        spanId,
        parentSpanId: parentSpanId || undefined,
        name,
        attributes: asRecord(attributes),
      })),
    );
  });
}

let collector: Server;
let shop: SupergraphUnderTest;
const spans: RecordedSpan[] = [];
let received = '';

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      received += text;
      spans.push(...spansIn(JSON.parse(text)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
  // Nothing but what a client's own trace asks for.
  vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', '0');
  shop = await startSupergraph({ topology: 'processes' });
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await shop?.stop();
  collector?.close();
});

const post = async (path: string, body: object, headers: Record<string, string>): Promise<unknown> => {
  const response = await fetch(`${shop.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  // Agents are answered by the only event of a stream.
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
};
const ask = async (query: string, traceparent: string, headers: Record<string, string> = {}, variables = {}) =>
  (await post('/graphql', { query, variables }, { traceparent, ...headers })) as {
    data: Record<string, unknown>;
    errors?: unknown;
  };

const within = { timeout: 15_000 };
const ofTrace = (traceId: string) => spans.filter((span) => span.traceId === traceId);
const named = (traceId: string, service: string, name: RegExp) =>
  ofTrace(traceId).find((span) => span.service === service && name.test(span.name));

test("a client's trace goes on through the router and the subgraphs to their statements", async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const query = 'query Traced { products(first: 3) { nodes { title variants { sku availability { status } } } } }';
  const { errors } = await ask(query, `00-${traceId}-b7ad6b7169203331-01`);
  expect(errors).toBeUndefined();
  await expect.poll(() => named(traceId, 'mercato-inventory', /^SELECT /), within).toBeDefined();
  await expect.poll(() => named(traceId, 'mercato-products', /^SELECT /), within).toBeDefined();
  await expect.poll(() => named(traceId, 'mercato-router', /^query Traced$/), within).toBeDefined();

  const operation = named(traceId, 'mercato-router', /^query Traced$/);
  expect(operation?.parentSpanId).toBe('b7ad6b7169203331');
  expect(named(traceId, 'mercato-router', /^plan$/)?.parentSpanId).toBe(operation?.spanId);
  for (const subgraph of ['products', 'inventory']) {
    const fetching = named(traceId, 'mercato-router', new RegExp(`^fetch ${subgraph}$`));
    expect(fetching?.parentSpanId).toBe(operation?.spanId);
    const answering = named(traceId, `mercato-${subgraph}`, new RegExp(`^${subgraph} `));
    expect(answering?.parentSpanId).toBe(fetching?.spanId);
    const statement = named(traceId, `mercato-${subgraph}`, /^SELECT /);
    expect(statement?.parentSpanId).toBe(answering?.spanId);
    expect(statement?.attributes).toMatchObject({ 'db.system.name': 'postgresql' });
  }
});

test('a trace that its client does not record is not recorded here', async () => {
  const traceId = '1af7651916cd43dd8448eb211c80319c';
  const marker = '2af7651916cd43dd8448eb211c80319c';
  await ask('{ products(first: 1) { nodes { title } } }', `00-${traceId}-b7ad6b7169203331-00`);
  await ask('query After { products(first: 1) { nodes { title } } }', `00-${marker}-b7ad6b7169203331-01`);
  await expect.poll(() => named(marker, 'mercato-router', /^query After$/), within).toBeDefined();
  expect(ofTrace(traceId)).toEqual([]);
});

test('what a change sets off in other services belongs to its trace', async () => {
  const traceId = '3af7651916cd43dd8448eb211c80319c';
  const authorization = `Bearer ${await shop.token('catalog:write')}`;
  const price = '{ amount: "9.00", currency: USD }';
  const input = `{ title: "Traced mug", handle: "traced-mug", variants: [{ sku: "TRACED-MUG", price: ${price} }] }`;
  const { data, errors } = await ask(
    `mutation Make { productCreate(input: ${input}) { product { id } userErrors { ... on UserError { message } } } }`,
    `00-${traceId}-b7ad6b7169203331-01`,
    { authorization },
  );
  expect({ errors, data }).toMatchObject({ errors: undefined, data: { productCreate: { userErrors: [] } } });
  await expect.poll(() => named(traceId, 'mercato-inventory-worker', /^inventory event$/), within).toBeDefined();
  const making = named(traceId, 'mercato-products', /^products productCreate$/);
  expect(named(traceId, 'mercato-inventory-worker', /^inventory event$/)?.parentSpanId).toBe(making?.spanId);
});

/** A shopper whose client records what it does. */
const recording = (traceparent: string): Client => ({
  ...shop.guest,
  async ask<Data>(operationName: string, variables?: Record<string, unknown>) {
    const { data, errors } = await ask(documentOf(operationName), traceparent, {}, variables);
    expect(errors).toBeUndefined();
    return data as Data;
  },
});

test('what a card processor is asked is recorded by what it is, without what says who pays', async () => {
  const traceId = '5af7651916cd43dd8448eb211c80319c';
  const { sku } = await aProduct(shop, { onHand: 3 });
  const checkout = await readyToPay(shop.guest, sku);
  const { order } = await complete(recording(`00-${traceId}-b7ad6b7169203331-01`), checkout);
  expect(order).toMatchObject({ status: 'PLACED' });
  await expect.poll(() => named(traceId, 'mercato-checkout', /^payment authorize$/), within).toBeDefined();
  await expect.poll(() => named(traceId, 'mercato-checkout', /^checkout checkoutComplete$/), within).toBeDefined();
  const paying = named(traceId, 'mercato-checkout', /^payment authorize$/);
  const completing = named(traceId, 'mercato-checkout', /^checkout checkoutComplete$/);
  expect(paying?.parentSpanId).toBe(completing?.spanId);
  expect(received).not.toContain('tok_visa');
});

test('what comes over a WebSocket is recorded, and each event of a subscription with what completes it', async () => {
  const traceId = '6af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  class TracedWebSocket extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers });
    }
  }
  const { sku } = await aProduct(shop, { onHand: 3 });
  const { id } = await aCart(shop.guest, sku);
  const url = `${shop.url.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, webSocketImpl: TracedWebSocket, retryAttempts: 0 });
  const answers = client.iterate({ query: documentOf('CartUpdates'), operationName: 'CartUpdates', variables: { id } });
  expect(await answers.next()).toHaveProperty('value.data.cartUpdated.lines.0.sku', sku);
  await client.dispose();

  await expect.poll(() => named(traceId, 'mercato-router', /^event CartUpdates$/), within).toBeDefined();
  await expect.poll(() => named(traceId, 'mercato-cart', /^SELECT /), within).toBeDefined();
  const subscribing = named(traceId, 'mercato-router', /^subscription CartUpdates$/);
  expect(subscribing?.parentSpanId).toBe('b7ad6b7169203331');
  const following = named(traceId, 'mercato-router', /^follow cart$/);
  expect(following?.parentSpanId).toBe(subscribing?.spanId);
  const event = named(traceId, 'mercato-router', /^event CartUpdates$/);
  expect(event?.parentSpanId).toBe(subscribing?.spanId);
  expect(named(traceId, 'mercato-router', /^fetch products$/)?.parentSpanId).toBe(event?.spanId);
  expect(received).not.toContain(id);
});

test("agents' tools are recorded by their names, and one that is refused says so", async () => {
  const traceId = '7af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const call = (name: string, given: object) =>
    post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } }, { traceparent });
  const { sku } = await aProduct(shop, { onHand: 1 });
  const { id, number, accessToken } = await anOrder(shop, sku, 1);
  const status = (token: string | null) => call('order_status', { id, accessToken: token });
  expect(await status(accessToken)).toMatchObject({
    result: { isError: false, structuredContent: { data: { order: { number, status: 'PLACED', lines: [{ sku }] } } } },
  });
  expect(await status('not the token')).toMatchObject({ result: { structuredContent: { data: { order: null } } } });
  expect(await call('search_products', { first: 2 })).toMatchObject({ result: { isError: false } });
  expect(await call('create_cart', { input: { lines: [{ sku: 'NO-SUCH-SKU' }] } })).toMatchObject({
    result: {
      isError: true,
      structuredContent: { data: { cartCreate: { userErrors: [{ __typename: 'UnknownSkuError' }] } } },
    },
  });
  await expect.poll(() => named(traceId, 'mercato-router', /^tool create_cart$/), within).toBeDefined();
  const tool = named(traceId, 'mercato-router', /^tool search_products$/);
  expect(tool?.parentSpanId).toBe('b7ad6b7169203331');
  expect(named(traceId, 'mercato-router', /^fetch products$/)?.parentSpanId).toBe(tool?.spanId);
  expect(received).not.toContain(accessToken);
});

test('nothing secret travels with a trace', async () => {
  const authorization = `Bearer ${await shop.token('products:write')}`;
  const marker = '4af7651916cd43dd8448eb211c80319c';
  await ask('query Secret { product(handle: "no-such-handle-42") { title } }', `00-${marker}-b7ad6b7169203331-01`, {
    authorization,
  });
  await expect.poll(() => named(marker, 'mercato-products', /^SELECT /), within).toBeDefined();
  expect(received).not.toContain(authorization.slice(7));
  expect(received).not.toContain('no-such-handle-42');
});
