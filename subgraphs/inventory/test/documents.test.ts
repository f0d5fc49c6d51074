import { readFileSync } from 'node:fs';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { ask, type TestDependencies, testDependencies } from '@mercato/testkit';
import { parse, print, visit } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { ended, firstRunEnded } from './reconciling.ts';
import { aKey, manager } from './stock.ts';

const documents = parse(
  readFileSync(new URL('../../../e2e/operations/backoffice/inventory.graphql', import.meta.url), 'utf8'),
);

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph({ ...dependencies, reconciliationEveryMs: 3_600_000 });
  await inventory.seed();
  worker = await inventory.startWorker();
  await firstRunEnded(inventory);
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

/** One of the back office's operations, less what other subgraphs answer. */
async function run<Data = unknown>(name: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const definition = documents.definitions.find(
    (each) => each.kind === 'OperationDefinition' && each.name?.value === name,
  );
  if (!definition) throw new Error(`No operation ${name}.`);
  const own = visit(definition, { Field: (field) => (field.name.value === 'variant' ? null : undefined) });
  const { data, errors } = await ask(inventory, print(own), variables, manager);
  expect(errors).toBeUndefined();
  return data as Data;
}

const sku = 'MUG-STONE-SAND-S';

test('the back office works through its documents', async () => {
  const { warehouses } = await run<{ warehouses: { totalCount: number; nodes: unknown[] } }>('Warehouses');
  expect(warehouses.totalCount).toBe(3);
  expect(warehouses.nodes[0]).toMatchObject({
    code: 'MAIN',
    active: true,
    address: { city: 'Portland', region: 'OR', country: 'US' },
    location: { latitude: 45.5513 },
  });

  expect(
    await run('StockReceive', {
      input: { warehouse: 'MAIN', lines: [{ sku, quantity: 10 }], reference: 'PO-1', idempotencyKey: aKey() },
    }),
  ).toMatchObject({ stockReceive: { stockLevels: [{ sku, onHand: 68, available: 64 }], userErrors: [] } });
  expect(
    await run('StockAdjust', {
      input: { warehouse: 'MAIN', sku, delta: -2, reason: 'DAMAGED', idempotencyKey: aKey() },
    }),
  ).toMatchObject({ stockAdjust: { stockLevel: { onHand: 66 }, userErrors: [] } });
  expect(
    await run('StockTransfer', {
      input: { fromWarehouse: 'MAIN', toWarehouse: 'EAST', lines: [{ sku, quantity: 5 }], idempotencyKey: aKey() },
    }),
  ).toMatchObject({ stockTransfer: { userErrors: [] } });
  expect(await run('StockLevels', { filter: { sku, warehouse: 'MAIN' } })).toMatchObject({
    stockLevels: { totalCount: 1, nodes: [{ onHand: 61, reserved: 0, available: 57, reorderPoint: 12 }] },
  });
  expect(await run('StockHistory', { sku, warehouse: 'MAIN' })).toMatchObject({
    stockMovements: {
      nodes: [
        { type: 'TRANSFER_OUT', quantity: -5, balanceAfter: 61 },
        { type: 'ADJUSTMENT', quantity: -2, reason: 'DAMAGED', balanceAfter: 66 },
        { type: 'RECEIPT', quantity: 10, reference: 'PO-1', balanceAfter: 68 },
        { type: 'RECEIPT', quantity: 58, reference: 'opening', balanceAfter: 58 },
      ],
    },
  });

  expect(
    await run('StockCountSubmit', {
      input: {
        warehouse: 'MAIN',
        lines: [{ sku, counted: 7 }],
        countedAt: new Date().toISOString(),
        idempotencyKey: aKey(),
      },
    }),
  ).toMatchObject({ stockCountSubmit: { count: { status: 'SUBMITTED', lineCount: 1 }, userErrors: [] } });
  const { reconciliationStart } = await run<{
    reconciliationStart: { run: { id: string }; userErrors: unknown[] };
  }>('ReconciliationStart', { input: { scope: { warehouse: 'EAST' } } });
  expect(reconciliationStart.userErrors).toEqual([]);
  await ended(inventory, reconciliationStart.run.id);
  expect(await run('ReconciliationRun', { id: reconciliationStart.run.id })).toMatchObject({
    reconciliationRun: { status: 'COMPLETED', trigger: 'STAFF', discrepancies: { totalCount: 0 } },
  });

  const { reconciliationRuns } = await run<{
    reconciliationRuns: { nodes: { id: string; trigger: string }[] };
  }>('ReconciliationRuns');
  const counting = reconciliationRuns.nodes.find(({ trigger }) => trigger === 'COUNT');
  await ended(inventory, counting?.id ?? '');
  const { reconciliationRun } = await run<{
    reconciliationRun: { discrepancies: { nodes: { id: string }[] } };
  }>('ReconciliationRun', { id: counting?.id, resolution: 'PENDING' });
  expect(reconciliationRun).toMatchObject({
    summary: { counted: 1, pending: 1 },
    discrepancies: { nodes: [{ kind: 'COUNT_MISMATCH', sku, expected: 61, actual: 7, difference: -54 }] },
  });
  const discrepancyId = reconciliationRun.discrepancies.nodes[0]?.id;
  expect(await run('DiscrepancyResolve', { input: { discrepancyId, resolution: 'ACCEPT_COUNT' } })).toMatchObject({
    discrepancyResolve: { discrepancy: { resolution: 'ACCEPT_COUNT' }, userErrors: [] },
  });
  expect(await run('StockLevels', { filter: { sku, warehouse: 'MAIN' } })).toMatchObject({
    stockLevels: { nodes: [{ onHand: 7 }] },
  });
});

test('seeding again changes nothing', async () => {
  const before = await run('StockLevels', { first: 100 });
  await inventory.seed();
  expect(await run('StockLevels', { first: 100 })).toEqual(before);
});
