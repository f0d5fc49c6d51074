import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { composeSupergraph } from '@mercato/schema/compose';
import { createLogger } from '@mercato/telemetry';
import { Source } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import type { RouterOptions } from '../src/index.ts';
import { createLimits } from '../src/limits/document-limits.ts';
import { fileSource } from '../src/schema-lifecycle/file-source.ts';
import type { SchemaHost, SchemaSource } from '../src/schema-lifecycle/schema-source.ts';
import { type SchemaState, ServedSchema } from '../src/schema-lifecycle/served-schema.ts';
import { type RunningGraph, runGraph, supergraphSdl } from './graph/running-graph.ts';
import { catalogSdl, shut, stockSdl } from './graph/shop.ts';
import { warmThread } from './graph/warm-threads.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const composed = (catalog: string, stock = stockSdl) =>
  composeSupergraph([
    { name: 'catalog', source: new Source(catalog, 'catalog') },
    { name: 'stock', source: new Source(stock, 'stock') },
  ]);
/** With a field that the running subgraph does not know yet. */
const grown = composed(catalogSdl.replace('parent: Product', 'parent: Product subtitle: String'));
const shrunk = composed(catalogSdl.replace('cost: Int @requiresScopes', 'price: Int @requiresScopes'));

/** Schemas that a test offers by hand. */
function offered(): { source: SchemaSource; host: () => SchemaHost } {
  let host: SchemaHost | undefined;
  return {
    source: {
      start(given) {
        host = given;
      },
      close: async () => {},
    },
    host() {
      if (!host) throw new Error('The router has not started.');
      return host;
    },
  };
}

async function run(options: Partial<RouterOptions>): Promise<RunningGraph> {
  const graph = await runGraph(options);
  cleanUp.push(() => graph.close());
  return graph;
}

const version = async ({ router }: RunningGraph) => {
  const report = (await (await fetch(`${router.url}/health/ready`)).json()) as { schema: SchemaState };
  return report.schema;
};

test('a new schema serves new requests; those under way are answered by theirs', async () => {
  const { source, host } = offered();
  const graph = await run({ schemaSource: source });
  expect((await graph.ask('{ product(id: 1) { subtitle } }')).data).toBeUndefined();
  const first = await version(graph);

  const open = shut(graph.seen.catalog);
  const underWay = graph.ask('{ product(id: 1) { id title } }');
  await expect.poll(() => graph.seen.catalog.calls.length).toBe(1);
  expect(await host().offer(grown, 'refuse')).toEqual({ kind: 'serving' });
  open();
  expect((await underWay).data).toEqual({ product: { id: '1', title: 'Product 1' } });
  expect((await graph.ask('{ product(id: 1) { subtitle } }')).data).toEqual({ product: null });
  expect(await version(graph)).not.toEqual(first);
  expect(await host().offer(grown, 'refuse')).toEqual({ kind: 'unchanged' });
});

test('what was asked last is known to the new schema before it serves', async () => {
  const { source, host } = offered();
  const graph = await run({ schemaSource: source });
  for (const id of [1, 2, 3]) await graph.ask(`query P${id} { product(id: ${id}) { id available } }`);
  await host().offer(grown, 'refuse');
  expect(graph.log.find(({ msg }) => msg === 'A new schema is served')).toMatchObject({
    known: 3,
    planned: 3,
    noLongerValid: 0,
  });
});

test('a schema that breaks what was asked last is refused, and served where that is only told', async () => {
  const { source, host } = offered();
  const graph = await run({ schemaSource: source });
  await graph.ask('query Costs { products { cost } }');
  const first = await version(graph);
  expect(await host().offer(shrunk, 'refuse')).toEqual({
    kind: 'refused',
    reason: 'breaking',
    problems: ['Costs: Cannot query field "cost" on type "Product".'],
  });
  expect(await version(graph)).toMatchObject({ version: first.version, refused: { reason: 'breaking' } });
  expect(JSON.stringify(await version(graph))).not.toContain('cost');

  expect(await host().offer(shrunk, 'warn')).toEqual({ kind: 'serving' });
  expect(graph.log.find(({ msg }) => msg === 'A new schema is served')).toMatchObject({
    noLongerValid: 1,
    changes: ['Product.cost was removed.'],
  });
  expect(await version(graph)).not.toHaveProperty('refused');
});

test('a schema that breaks a trusted document is refused before anyone has sent it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-schema-'));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'documents.json');
  writeFileSync(
    file,
    JSON.stringify({ a: 'query Costs { products { cost } }', b: 'query Later { products { price } }' }),
  );
  const { source, host } = offered();
  await run({ schemaSource: source, trustedDocuments: { shop: { file } } });
  expect(await host().offer(shrunk, 'refuse')).toMatchObject({
    kind: 'refused',
    problems: ['Costs: Cannot query field "cost" on type "Product".'],
  });
});

test.each([
  ['nothing', ''],
  ['no GraphQL', '}{'],
  ['no supergraph', 'type Query { a: Int }'],
  ['half of one', supergraphSdl.slice(0, supergraphSdl.length / 2)],
])('%s is refused, and everything goes on', async (_what, garbage) => {
  const { source, host } = offered();
  const graph = await run({ schemaSource: source });
  expect(await host().offer(garbage, 'warn')).toMatchObject({ kind: 'refused', reason: 'invalid' });
  expect((await graph.ask('{ product(id: 1) { title } }')).data).toEqual({ product: { title: 'Product 1' } });
  expect(await host().offer(grown, 'warn')).toEqual({ kind: 'serving' });
});

/** Takes a while to load. */
const wholeShop = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');

test('nothing is kept of a schema that was replaced', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const schema = await ServedSchema.start(supergraphSdl, {
    introspection: true,
    limits: createLimits(),
    planning: { start: warmThread },
    trustedTexts: () => [],
    logger,
  });
  cleanUp.push(() => schema.close());
  const replaced = new WeakRef(schema.apiSchema);
  expect(await schema.offer(grown, 'refuse')).toEqual({ kind: 'serving' });
  const isKept = () => {
    collectGarbage();
    return replaced.deref() !== undefined;
  };
  await expect.poll(isKept).toBe(false);
});

test('an operation is planned while a new schema is loaded', async () => {
  const { source, host } = offered();
  const graph = await run({ schemaSource: source });
  let isLoaded = false;
  const loading = host()
    .offer(wholeShop, 'warn')
    .then(() => {
      isLoaded = true;
    });
  const { data } = await graph.ask('query New { product(id: 1) { available } }');
  expect(data).toEqual({ product: { available: 7 } });
  expect(isLoaded).toBe(false);
  await loading;
});

test('all addresses change at once, or none', async () => {
  const { source, host } = offered();
  const graph = await run({ schemaSource: source, contracts: { small: { exclude: ['inner'] } } });
  const tagged = (text: string) =>
    composed(
      text.replace('"@requiresScopes"]', '"@requiresScopes", "@tag"]').replace('broken:', 'added: String broken:'),
    );
  const small = async (query: string) => {
    const response = await fetch(`${graph.router.url}/small/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
  // The contract has no query left: the whole graph alone would be fine.
  const emptied = catalogSdl.replace('type Query {', 'type Query @tag(name: "inner") {');
  const empty = stockSdl
    .replace('"@authenticated"]', '"@authenticated", "@tag"]')
    .replace('type Query {', 'type Query @tag(name: "inner") {');
  const nothing = composed(
    emptied.replace('"@requiresScopes"]', '"@requiresScopes", "@tag"]').replace('broken:', 'added: String broken:'),
    empty,
  );
  expect(await host().offer(nothing, 'warn')).toMatchObject({ kind: 'refused', reason: 'invalid' });
  expect((await graph.ask('{ added }')).data).toBeUndefined();
  expect(await host().offer(tagged(catalogSdl), 'warn')).toEqual({ kind: 'serving' });
  expect((await graph.ask('{ added }')).data).toEqual({ added: null });
  expect(await small('{ added }')).toMatchObject({ data: { added: null } });
});

test("a supergraph's file is followed when it is replaced, written slowly, or gone for a while", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-schema-'));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, supergraphSdl);
  const graph = await run({ schemaSource: fileSource(file, { logger, lookEvery: 30 }) });
  const knows = async (field: string) => (await graph.ask(`{ product(id: 1) { ${field} } }`)).data !== undefined;

  writeFileSync(file, grown.slice(0, grown.length / 2));
  await expect.poll(() => version(graph), { timeout: 10_000 }).toHaveProperty('refused');
  expect(await knows('title')).toBe(true);
  rmSync(file);
  writeFileSync(`${file}.new`, grown);
  renameSync(`${file}.new`, file);
  await expect.poll(() => knows('subtitle'), { timeout: 10_000 }).toBe(true);
  expect(await version(graph)).not.toHaveProperty('refused');
});

test('a router that ends while it loads a schema ends at once', async () => {
  const { source, host } = offered();
  const graph = await runGraph({ schemaSource: source });
  const loading = host().offer(grown, 'refuse');
  await graph.close();
  expect(await loading).toEqual({ kind: 'abandoned' });
});
