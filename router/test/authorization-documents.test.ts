import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guest, type Viewer } from '@mercato/auth';
import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultAuthorization } from '../src/authorization/settings.ts';
import { Graph } from '../src/graph/graph.ts';
import { createLimits } from '../src/limits/document-limits.ts';
import { type AuthorizedOperation, authorizeOperation } from '../src/operations/authorize-operation.ts';
import { Documents } from '../src/operations/documents.ts';
import { RequestError } from '../src/operations/request-error.ts';
import { defaultLimits } from '../src/options.ts';
import { PlanningThread } from '../src/planning/planning-thread.ts';
import { viewer } from './graph/authorized-schema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const supergraph = readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8');

const staff = viewer(
  'staff',
  ...[
    'catalog:read',
    'catalog:write',
    'inventory:read',
    'inventory:write',
    'inventory:count',
    'orders:read',
    'orders:write',
  ],
);

let planning: PlanningThread;
let graph: Graph;
let documents: Documents;
beforeAll(async () => {
  planning = new PlanningThread();
  graph = await Graph.load(supergraph, planning);
  documents = new Documents({ graph, introspection: true, limits: createLimits(defaultLimits) });
});
afterAll(() => planning.close());

const operationsIn = (folder: string): [string, DocumentNode][] =>
  readdirSync(join(root, 'e2e/operations', folder)).flatMap((file) =>
    Object.entries(separateOperations(parse(readFileSync(join(root, 'e2e/operations', folder, file), 'utf8')))),
  );

/** Documents of domains that are not there yet are not valid yet. */
const isThere = ([, document]: [string, DocumentNode]) => {
  const [operation] = document.definitions.filter(
    (part): part is OperationDefinitionNode => part.kind === Kind.OPERATION_DEFINITION,
  );
  return operation && graph.schema.getRootType(operation.operation) && validate(graph.schema, document).length === 0;
};

function outcome(
  text: string,
  who: Viewer,
  variables: Record<string, unknown> = {},
): AuthorizedOperation | RequestError {
  const operation = documents.read(text, undefined);
  try {
    const authorized = authorizeOperation(operation, operation.conditions(variables), who, defaultAuthorization);
    if (authorized instanceof Promise) throw new Error('No policy is asked for here.');
    return authorized;
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}

const codesOf = ({ errors }: AuthorizedOperation | RequestError) => [
  ...new Set(errors.map(({ extensions }) => extensions.code)),
];

describe('what clients send', () => {
  test("a guest sees nothing of the back office's, a customer neither, and staff everything", () => {
    const operations = operationsIn('backoffice').filter(isThere);
    expect(operations.length).toBeGreaterThan(15);
    for (const [name, document] of operations) {
      const text = print(document);
      expect(codesOf(outcome(text, guest)), name).toEqual(['UNAUTHENTICATED']);
      expect(codesOf(outcome(text, viewer('customer'))), name).toEqual(['FORBIDDEN']);
      const allowed = outcome(text, staff);
      expect(allowed.errors, name).toEqual([]);
      expect('part' in allowed && allowed.part, name).toBe(documents.read(text, undefined).whole);
    }
  });

  test('the storefront is for everyone', () => {
    const operations = operationsIn('storefront').filter(isThere);
    expect(operations.length).toBeGreaterThan(15);
    for (const [name, document] of operations) {
      const { errors } = outcome(print(document), guest);
      expect(errors, name).toEqual([]);
    }
  });
});

describe('the part that a viewer may see', () => {
  const text = '{ products(first: 1) { nodes { title } } stockLevels(first: 1) { nodes { onHand } } }';

  const partFor = (who: Viewer) => {
    const authorized = outcome(text, who);
    if (authorized instanceof RequestError) throw authorized;
    return authorized.part;
  };

  test('is planned once for all who are denied the same, and apart from the whole', async () => {
    const part = partFor(guest);
    const plan = await part.plan();
    expect(partFor(viewer('customer'))).toBe(part);
    expect(await partFor(viewer('partner', 'catalog:read')).plan()).toBe(plan);
    const whole = partFor(staff);
    expect(whole).not.toBe(part);
    expect(await whole.plan()).not.toBe(plan);
    expect(queriesOf(plan)).not.toContain('stockLevels');
    expect(queriesOf(await whole.plan())).toContain('stockLevels');
  });

  test('is not planned at all where nothing is left', () => {
    const authorized = outcome('query Levels($n: Int!) { stockLevels(first: $n) { nodes { onHand } } }', guest, {
      n: 1,
    });
    expect('part' in authorized && authorized.part.plan()).toEqual({ root: undefined, subscription: undefined });
  });
});

/** What the steps of a plan ask; each holds its graph too, which holds every field. */
const queriesOf = (plan: object): string =>
  JSON.stringify(plan, (name, value: unknown) => (name === 'graph' ? undefined : value));
