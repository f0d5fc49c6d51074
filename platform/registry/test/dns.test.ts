import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpTransport } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { afterEach, describe, expect, test } from 'vitest';
import { subgraphInstances } from '../src/index.ts';
import { type DnsRecords, type DnsServer, startDnsServer } from './dns-server.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function aDnsServer(records: Partial<DnsRecords>): Promise<DnsServer> {
  const server = await startDnsServer({ a: {}, srv: {}, ...records });
  cleanUp.push(() => server.close());
  return server;
}

async function followed(urls: Record<string, string | string[]>, server: DnsServer) {
  const source = await subgraphInstances({ urls, dns: { everyMs: 50, servers: [server.address] }, logger });
  cleanUp.push(() => source.close());
  return { source, urlsOf: (name: string) => source.instancesOf(name).map(({ url }) => url) };
}

describe('names of a host', () => {
  test('are all its addresses, followed as they change', async () => {
    const server = await aDnsServer({ a: { 'cart.internal': ['10.0.0.2', '10.0.0.1'] } });
    const { source, urlsOf } = await followed({ cart: 'dns+http://cart.internal:4003/graphql' }, server);
    expect(source.instancesOf('cart')).toEqual([
      { id: 'http://10.0.0.1:4003/graphql', url: 'http://10.0.0.1:4003/graphql', hostName: 'cart.internal' },
      { id: 'http://10.0.0.2:4003/graphql', url: 'http://10.0.0.2:4003/graphql', hostName: 'cart.internal' },
    ]);
    const list = source.instancesOf('cart');
    let changes = 0;
    source.onChange(() => {
      changes += 1;
    });
    server.records.a = { 'cart.internal': ['10.0.0.1', '10.0.0.2'] };
    server.records.a = { 'cart.internal': ['10.0.0.3', '10.0.0.1'] };
    await expect.poll(() => urlsOf('cart')).toEqual(['http://10.0.0.1:4003/graphql', 'http://10.0.0.3:4003/graphql']);
    expect(changes).toBe(1);
    expect(source.instancesOf('cart')).not.toBe(list);
  });

  test('keep their addresses while nobody can tell, and are found when somebody can', async () => {
    const server = await aDnsServer({ a: { 'cart.internal': ['10.0.0.1'] } });
    const urls = { cart: 'dns+http://cart.internal:4003/graphql', shipping: 'dns+http://shipping.internal/graphql' };
    const { urlsOf } = await followed(urls, server);
    expect([urlsOf('cart'), urlsOf('shipping')]).toEqual([['http://10.0.0.1:4003/graphql'], []]);
    server.records.a = { 'shipping.internal': ['10.0.0.9'] };
    await expect.poll(() => urlsOf('shipping')).toEqual(['http://10.0.0.9/graphql']);
    expect(urlsOf('cart')).toEqual(['http://10.0.0.1:4003/graphql']);
  });

  test('stand beside addresses', async () => {
    const server = await aDnsServer({ a: { 'cart.internal': ['10.0.0.1'] } });
    const urls = { cart: ['dns+http://cart.internal:4003/graphql', 'http://cart-old:4003/graphql'] };
    const { urlsOf } = await followed(urls, server);
    expect(urlsOf('cart')).toEqual(['http://10.0.0.1:4003/graphql', 'http://cart-old:4003/graphql']);
  });

  test('that nobody knows yet take nothing from the addresses beside them', async () => {
    const server = await aDnsServer({});
    const urls = {
      cart: ['dns+http://cart.internal:4003/graphql', 'http://cart-old:4003/graphql'],
      shipping: 'http://shipping/graphql',
    };
    const { urlsOf } = await followed(urls, server);
    expect([urlsOf('cart'), urlsOf('shipping')]).toEqual([
      ['http://cart-old:4003/graphql'],
      ['http://shipping/graphql'],
    ]);
  });
});

test('a service record gives ports too, of those preferred', async () => {
  const server = await aDnsServer({
    srv: {
      '_graphql._tcp.cart.internal': [
        { priority: 1, port: 4003, target: 'one.internal' },
        { priority: 1, port: 4013, target: 'two.internal' },
        { priority: 2, port: 4023, target: 'spare.internal' },
      ],
    },
    a: { 'one.internal': ['10.0.0.1'], 'two.internal': ['10.0.0.2'], 'spare.internal': ['10.0.0.3'] },
  });
  const { urlsOf } = await followed({ cart: 'srv+http://_graphql._tcp.cart.internal/graphql' }, server);
  expect(urlsOf('cart')).toEqual(['http://10.0.0.1:4003/graphql', 'http://10.0.0.2:4013/graphql']);
});

test('beside calls an instance is reached at its address; with TLS by its name, which its certificate is of', async () => {
  const server = await aDnsServer({ a: { 'cart.internal': ['10.0.0.1'] } });
  const urls = { cart: 'dns+http://cart.internal:4003/graphql', shipping: 'dns+https://cart.internal:4005/graphql' };
  const { source } = await followed(urls, server);
  const transport = httpTransport({ instances: source });
  cleanUp.push(() => transport.close());
  expect(transport.originOf('cart')).toBe('http://10.0.0.1:4003');
  expect(transport.originOf('shipping')).toBe('https://cart.internal:4005');
  expect(transport.originOf('products')).toBeUndefined();
});

test('calls go to all addresses of a host, in its name, and to none that is gone', async () => {
  const hosts: (string | undefined)[] = [];
  const listen = async (address: string, port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      request.resume().on('end', () => response.end(JSON.stringify({ data: { who: address } })));
    }).listen(port, address);
    await once(server, 'listening');
    cleanUp.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return server;
  };
  const { port } = (await listen('127.0.0.1', 0)).address() as AddressInfo;
  await listen('127.0.0.2', port);
  const server = await aDnsServer({ a: { 'cart.internal': ['127.0.0.1', '127.0.0.2'] } });
  const { source, urlsOf } = await followed({ cart: `dns+http://cart.internal:${port}/graphql` }, server);
  const transport = httpTransport({ instances: source });
  cleanUp.push(() => transport.close());
  const who = async () => {
    const { data } = await transport.send(
      'cart',
      { query: '{ who }' },
      { authorization: 'Bearer x', timeoutMs: 2_000 },
    );
    return data?.who;
  };
  const answers = await Promise.all(Array.from({ length: 20 }, who));
  expect(new Set(answers)).toEqual(new Set(['127.0.0.1', '127.0.0.2']));
  expect(new Set(hosts)).toEqual(new Set([`cart.internal:${port}`]));

  hosts.length = 0;
  const following = transport.subscribe(
    'cart',
    { query: 'subscription { who }' },
    { authorization: 'Bearer x', timeoutMs: 2_000 },
  );
  expect((await following.next()).value?.data?.who).toMatch(/^127/);
  expect(hosts).toEqual([`cart.internal:${port}`]);

  server.records.a = { 'cart.internal': ['127.0.0.2'] };
  await expect.poll(() => urlsOf('cart')).toHaveLength(1);
  expect(new Set(await Promise.all(Array.from({ length: 20 }, who)))).toEqual(new Set(['127.0.0.2']));
});
