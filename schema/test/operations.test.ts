import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, Kind, OperationTypeNode, parse, separateOperations, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { describe, expect, test } from 'vitest';
import { composeSupergraph } from '../compose.ts';
import { stripAuth } from '../strip-auth.ts';

const folder = fileURLToPath(new URL('../../e2e/operations/', import.meta.url));
const supergraph = Supergraph.build(stripAuth(composeSupergraph()));
const api = supergraph.apiSchema();
const schema = api.toGraphQLJSSchema();
const planner = new QueryPlanner(supergraph);

/** Operations of domains that are not there yet; each leaves this list when its domain comes. */
const later = new Set([
  // customers
  'Register',
  'Login',
  'Refresh',
  'Logout',
  'Me',
  'AddressAdd',
  'CartClaim',
  'ReturnRequest',
  // partners
  'WebhookSubscribe',
  'WebhookDeliveries',
  // refunds, returns
  'RefundCreate',
  'ReturnReceive',
]);

interface Operation {
  name: string;
  file: string;
  document: DocumentNode;
  /** Variables that the file gives as an example, in a comment. */
  examples: Record<string, unknown>[];
}

const operations = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.graphql'))
  .sort()
  .flatMap((file): Operation[] => {
    const text = readFileSync(join(folder, file), 'utf8');
    const separate = Object.entries(separateOperations(parse(text)));
    return separate.map(([name, document]) => ({ name, file, document, examples: examplesFor(name, text) }));
  });

/** Lines such as `# CartCreate {"input": {…}}`; files whose names begin with it may leave it out. */
function examplesFor(name: string, text: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => {
    const [, named, json] = /^#\s+(\w+)\s+(\{.*\})/.exec(line) ?? [];
    if (!named || !json || !(named === name || name.endsWith(named))) return [];
    return [
      JSON.parse(json.replace('"countedAt": "…"', '"countedAt": "2026-11-22T09:30:00Z"')) as Record<string, unknown>,
    ];
  });
}

const isSubscription = (document: DocumentNode) =>
  document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.SUBSCRIPTION,
  );

/** graphql-js finds nothing wrong with fields of a root type that is not there. */
const problems = (document: DocumentNode): string[] =>
  isSubscription(document) && !schema.getSubscriptionType()
    ? ['There are no subscriptions.']
    : validate(schema, document).map(({ message }) => message);

describe('what clients send', () => {
  const now = operations.filter(({ name }) => !later.has(name));

  test('every client document is known', () => {
    expect(operations.length).toBeGreaterThanOrEqual(59);
    expect([...later].filter((name) => !operations.some((operation) => operation.name === name))).toEqual([]);
  });

  test.each(now.map((operation) => [operation.file, operation.name, operation] as const))(
    '%s %s is valid',
    (_file, _name, { document }) => {
      expect(problems(document)).toEqual([]);
    },
  );

  test.each(
    now.flatMap(({ name, document, examples }) => examples.map((example) => [name, document, example] as const)),
  )('the example of %s fits its input', (_name, document, example) => {
    const [operation] = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    expect(getVariableValues(schema, operation?.variableDefinitions ?? [], example).errors).toBeUndefined();
  });

  test.each(now.map((operation) => [operation.name, operation] as const))(
    '%s can be planned',
    (_name, { document }) => {
      expect(planner.buildQueryPlan(operationFromDocument(api, document)).node).toBeDefined();
    },
  );
});

test('what comes later is not half there', () => {
  const valid = operations.filter(({ name, document }) => later.has(name) && problems(document).length === 0);
  expect(valid.map(({ name }) => name)).toEqual([]);
});
