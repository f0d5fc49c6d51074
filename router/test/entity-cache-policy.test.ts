import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObjectType, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheHintOf, maxAgeOfType } from '../src/caching/cache-hints.ts';
import { compileStepPolicy } from '../src/caching/entity-cache/step-policy.ts';
import type { FetchStep, Step } from '../src/execution/compiled-plan.ts';
import { Graph } from '../src/graph/graph.ts';
import { supergraphSchemaOf } from '../src/graph/supergraph-schema.ts';
import { PlanningThread } from '../src/planning/planning-thread.ts';

const folder = join(import.meta.dirname, '../..');
const clients = ['storefront', 'backoffice', 'partner'];

interface Manifest {
  operations: { name: string; type: string; body: string }[];
}
/** What our clients ask. */
const queries = clients.flatMap((client) => {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, `router/documents/${client}.json`), 'utf8'));
  return manifest.operations.filter(({ type }) => type === 'query');
});

const planning = new PlanningThread();
let graph: Graph;
beforeAll(async () => {
  graph = await Graph.load(readFileSync(join(folder, 'schema/supergraph.graphql'), 'utf8'), planning);
});
afterAll(() => planning.close());

function stepsOf(step: Step | undefined): FetchStep[] {
  if (!step) return [];
  if (step.kind === 'fetch') return [step];
  if (step.kind === 'condition') return [...stepsOf(step.whenTrue), ...stepsOf(step.whenFalse)];
  return step.steps.flatMap(stepsOf);
}
const planned = async (body: string, name?: string) => stepsOf((await graph.plan(body, name)).root);

/** Each step's subgraph, where its answer belongs, and for how many seconds it is kept. */
const keptOf = async (body: string, name?: string): Promise<string[]> =>
  (await planned(body, name)).map((step) => {
    const policy = compileStepPolicy(step);
    return `${[step.subgraph, ...step.path].join(' ')}: ${policy ? policy.maxAge / 1_000 : 'not kept'}`;
  });

test('of what our clients ask, only the catalog, content and availability are kept', async () => {
  const kept: Record<string, string[]> = {};
  for (const { name, body } of queries) {
    if (validate(graph.schema, parse(body)).length > 0) continue;
    const steps = await keptOf(body, name);
    if (steps.some((step) => !step.endsWith('not kept'))) kept[name] = steps;
  }
  expect(kept).toEqual({
    AvailabilityBySku: ['products: 60', 'inventory variants @: 5'],
    BlogArticle: ['content: 60', 'products blogPost products @: 300', 'inventory blogPost products @: 5'],
    BlogIndex: ['content: 60'],
    CartView: ['cart: not kept', 'inventory cart lines @ variant: 5', 'products cart lines @ variant: 300'],
    CatalogFeed: ['products: 60', 'inventory products nodes @ variants @: 5'],
    CategoryTree: ['products: 300'],
    Faqs: ['content: 60'],
    OrderStatus: ['checkout: not kept', 'shipping order: not kept', 'products order lines @ variant: 300'],
    PageBySlug: ['content: 60'],
    ProductList: ['products: 60', 'inventory products nodes @: 5'],
    ProductPage: ['products: 60', 'content product: 60', 'inventory product: 5', 'inventory product variants @: 5'],
    SearchSuggestions: ['products: 60'],
    Shell: ['content: 60'],
    StockLevels: ['inventory: not kept', 'products stockLevels nodes @ variant: 300'],
  });
});

test.each(['cart', 'checkout', 'shipping'])('nothing of %s is ever kept: its ids are secrets', (subgraph) => {
  const schema = supergraphSchemaOf(graph);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || graph.keys.of(subgraph, type.name).length === 0) continue;
    if (type.name === 'ProductVariant') continue;
    expect(maxAgeOfType(type), type.name).toBeUndefined();
    for (const field of Object.values(type.getFields())) {
      expect(cacheHintOf(field, false).maxAge ?? 0, `${type.name}.${field.name}`).toBe(0);
    }
  }
});
