import { createRequire } from 'node:module';
import { createViewerSigner, createViewerVerifier, generateKey, guest } from '@mercato/auth';
import { createIdentity, createRouter } from '@mercato/router';
import { composeSupergraph } from '@mercato/schema/compose';
import { httpTransport } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { Source } from 'graphql';
import { afterAll, describe, expect, it, test, vi } from 'vitest';
import { z } from 'zod';
import { startForwardProxy } from './forward-proxy.ts';
import { createProducts, productsSdl } from './products-subgraph.ts';
import { startReference } from './reference-subgraph.ts';

/**
 * The tests of `@apollo/federation-subgraph-compatibility-tests` as they are published, run here instead of by its own
 * runner, which would bring another test runner, a process manager and a router from the network. Ours take their
 * places: a subgraph made by `createSubgraphServer` is tested, behind our router, beside the reference subgraphs of the
 * package. Its client knows fixed addresses and no identity; a proxy knows both.
 */
const require = createRequire(import.meta.url);
const published = '@apollo/federation-subgraph-compatibility-tests/dist';

const { kty, crv, x, d } = generateKey();
const signer = createViewerSigner('router', { kty, crv, x, d });
const products = createProducts(createViewerVerifier('products', { router: { kty, crv, x } }));
const listening = await products.listen({ port: 0, host: '127.0.0.1' });
const references = await Promise.all([startReference('users'), startReference('inventory')]);

const urls: Readonly<Record<string, string>> = {
  products: listening.url,
  ...Object.fromEntries(references.map(({ name, url }) => [name, url])),
};
const sources = [{ name: 'products', sdl: productsSdl }, ...references];
const transport = httpTransport({ urlOf: (name) => urls[name] });
const router = await createRouter({
  supergraphSdl: composeSupergraph(sources.map(({ name, sdl }) => ({ name, source: new Source(sdl, name) }))),
  transport,
  signer,
  identity: createIdentity([]),
  logger: createLogger({ name: 'router', level: 'warn' }),
  port: 0,
  host: '127.0.0.1',
  introspection: false,
});
const proxy = await startForwardProxy({
  'localhost:4000': { url: `${router.url}/graphql`, authorization: async () => undefined },
  'localhost:4001': { url: listening.url, authorization: async () => `Bearer ${await signer.sign('products', guest)}` },
});
for (const name of ['https_proxy', 'http_proxy']) vi.stubEnv(name, proxy.url);
for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, '');

afterAll(async () => {
  vi.unstubAllEnvs();
  await proxy.close();
  await router.close();
  await transport.close();
  await listening.close();
  await Promise.all(references.map((reference) => reference.stop()));
});

// What the published files expect to find lying about.
Object.assign(globalThis, { describe, expect, it, test });
const files = [
  'composeDirective',
  'ftv1',
  'inaccessible',
  'interfaceObject',
  'introspection',
  'key',
  'link',
  'override',
  'provides',
  'requires',
  'shareable',
  'tag',
];
for (const file of files) require(`${published}/tests/${file}.test.js`);

test('every assertion that the package reports on was run', ({ task }) => {
  const { TESTS } = z
    .object({ TESTS: z.array(z.object({ assertion: z.string() })) })
    .parse(require(`${published}/testRunner.js`));
  const names = task.file.tasks.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(TESTS.map(({ assertion }) => assertion)));
  expect(TESTS).toHaveLength(15);
});
