import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

const query = 'query Shown { products { title available reserved } }';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await runGraph();
});
afterAll(() => graph?.close());

const extensionsFor = async (headers: Record<string, string>, document = query) => {
  const { text, headers: told } = await graph.ask(document, { headers });
  return { extensions: JSON.parse(text).extensions, cacheControl: told.get('cache-control') };
};

const bearer = async (scopes: string[], kind: 'staff' | 'customer' = 'staff') => ({
  authorization: `Bearer ${await graph.token({ scopes, kind })}`,
});

test.each([
  ['x-mercato-query-plan', 'queryPlan'],
  ['apollo-query-plan-experimental', '__queryPlanExperimental'],
])('staff with the scope who send %s are shown the plan', async (header, name) => {
  const { extensions, cacheControl } = await extensionsFor({ [header]: 'true', ...(await bearer(['plans:read'])) });
  expect(extensions[name]).toMatch(/^QueryPlan \{\s+Sequence \{/);
  expect(extensions[name]).toContain('Fetch(service: "catalog")');
  expect(extensions[name]).toContain('Flatten(path: "products.@")');
  expect(extensions[name]).toContain('reserved');
  expect(cacheControl).toBe('no-store');
});

test('the plan is that of what the viewer may see', async () => {
  const headers = { 'x-mercato-query-plan': 'true', ...(await bearer(['plans:read'])) };
  const secret = await extensionsFor(headers, 'query Denied { secret whoAmI }');
  expect(secret.extensions.queryPlan).toContain('whoAmI');
  expect(secret.extensions.queryPlan).not.toContain('secret');
  const introspected = await extensionsFor(headers, '{ __typename }');
  expect(introspected.extensions.queryPlan).toMatch(/^QueryPlan \{\s*\}$/);
});

test.each<[string, () => Promise<Record<string, string>>]>([
  ['a guest', async () => ({})],
  ['staff without the scope', () => bearer(['orders:read'])],
  ['a customer who got hold of the scope', () => bearer(['plans:read'], 'customer')],
])('%s is shown nothing', async (_who, credentials) => {
  const { extensions } = await extensionsFor({ 'x-mercato-query-plan': 'true', ...(await credentials()) });
  expect(extensions).toBeUndefined();
});

test('nobody is shown a plan without asking', async () => {
  expect((await extensionsFor(await bearer(['plans:read']))).extensions).toBeUndefined();
  const declined = { 'x-mercato-query-plan': 'false', ...(await bearer(['plans:read'])) };
  expect((await extensionsFor(declined)).extensions).toBeUndefined();
});
