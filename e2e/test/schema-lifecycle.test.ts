import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createViewerVerifier, loadOrCreateKeys } from '@mercato/auth';
import { connectRegistry } from '@mercato/registry';
import { createSubgraphServer, type SubgraphCall } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browse } from '../src/load.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { ratedProducts: Int }
  type Product @key(fields: "id") { id: ID! rating: Int }
`;

let shop: SupergraphUnderTest;
const cleanUp: (() => Promise<void>)[] = [];
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'processes', queue: 'postgres' });
});
afterAll(async () => {
  for (const step of cleanUp) await step();
  await shop.stop();
});

test('a subgraph that joins the running shop is part of its graph, and no query fails meanwhile', async () => {
  const { products } = await shop.guest.ask<{ products: { nodes: { handle: string }[] } }>('ProductList', {
    first: 10,
  });
  const load = browse(
    shop.guest,
    products.nodes.map(({ handle }) => handle),
    1,
  );
  const { trusted } = loadOrCreateKeys(join(shop.dataDir, 'keys'), ['router']);
  const { url, close } = await createSubgraphServer({
    name: 'ratings',
    typeDefs: parse(sdl),
    resolvers: { Product: { rating: () => 5 }, Query: { ratedProducts: () => 2 } },
    verifier: createViewerVerifier('ratings', trusted),
    logger,
    context: (call: SubgraphCall) => call,
    ready: async () => {},
    close: async () => {},
  }).listen({ port: 0, host: '127.0.0.1' });
  const registry = connectRegistry(pathToFileURL(join(shop.dataDir, 'instances')).href, { logger });
  cleanUp.push(() => registry.close(), close);
  await registry.announce({ subgraph: 'ratings', url, sdl });

  const rated = () => shop.guest.query('{ ratedProducts products(first: 1) { nodes { title rating } } }');
  await expect
    .poll(rated, { timeout: 60_000 })
    .toMatchObject({ data: { ratedProducts: 2, products: { nodes: [{ rating: 5 }] } } });
  expect(await load.stop()).toEqual([]);
  const health = (await (await fetch(`${shop.url}/health/ready`)).json()) as object;
  expect(health).toMatchObject({ subgraphs: { products: 'up' } });
  expect(health).toHaveProperty('subgraphs.ratings');
  expect(health).not.toHaveProperty('schema.refused');
});
